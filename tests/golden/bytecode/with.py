def f(a, b):
    with a as x, b as (y, z):
        print(x)
    for i in a:
        with i:
            if x: break
            if y: continue
            return z
