x = 1
def f():
    global x, y
    x += 1
    y = x
    del y
    print(x)
def g():
    def h():
        nonlocal z
        z += 1
        del z
    z = 1
    h()
    return z
del x
