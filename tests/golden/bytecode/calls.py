def f(a, *args, **kw):
    a()
    a(1, 2, k=3)
    a.m(1, k=2).n(*args)
    a(*args, 1, x=1, **kw, y=2)
    a(**kw)
    print(*args, sep='')
    return a.b.c(a[0], a[-1], a[1:], a[:2], a[1:2:3], a[b, 1])
