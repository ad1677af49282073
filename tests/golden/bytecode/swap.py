def f(a, b, c):
    a, b = b, a
    a, b, c = c, a, b
    a, b = b, a + b
    i, a[i] = 1, 2
    x, y = a
    (p, q), *r = b
    [s] = c
    a = b = c = d()
    e.x, e[0], e[1:2] = a, b, c
