def f(a, i):
    a[i] = a[i + 1]
    a[0] = 1
    a[1:] = a[:-1]
    a[::2] = a[i:i:i]
    a.b[i].c = a.b.c[i][0]
    a[(i := 1)] = i
