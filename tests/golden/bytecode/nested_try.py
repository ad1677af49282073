def f(a):
    try:
        try:
            a()
        except A as x:
            b()
        finally:
            c()
    except B as x:
        with d as e:
            return e
    return x
