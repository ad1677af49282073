def f(a):
    for i in a:
        try:
            if i: continue
            if a: break
            return i()
        finally:
            print(i)
def g():
    try:
        try:
            return 1
        finally:
            a()
    finally:
        b()
