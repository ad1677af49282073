def f(a, b, c, d):
    if a < b < c: return 1
    if not a < b() < c(): return 2
    x = a < b() < c() < d
    return 1 < a <= 9, x
