def f(a):
    return 1
    print(a)
def g(a):
    if 0:
        a()
    elif 1:
        b()
    else:
        c()
    while 0:
        d()
    while 1:
        e()
    print(a)
def h(a):
    try:
        return a
    except E:
        return 2
    print(a)
