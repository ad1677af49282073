def f(a, b):
    del a.x, b[0], b[1:2], (a, b)
    x = 1
    def g(): return x
    del x
