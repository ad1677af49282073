def f(a):
    if a:
        x = 1
    print(x)
    print(x)
    del x
    print(x)
    for i in a:
        pass
    print(i)
    try:
        y = 1
    except E:
        pass
    print(y)
    while a:
        z = 1
        print(z)
        del z
