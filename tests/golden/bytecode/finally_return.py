def f(a):
    for i in a:
        try:
            return i()
        finally:
            if i:
                continue
def g(a):
    try:
        return a()
    finally:
        return a
