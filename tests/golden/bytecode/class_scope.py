x = 1
class A:
    x = 2
    def f(self): return x
    g = lambda self: x
    class B:
        y = x
    global z
    z = x
    del x
