def f(a, b, c):
    if a and (b or not c):
        return 1
    elif a is None or b is not None:
        return 2
    elif a < 3 <= b and c in (1, 2) and c not in [3, 4]:
        return 3
    elif a.x < b.y < c.z:
        return 4
    x = a or b and c
    y = a < b
    z = a < b.x < c
    w = (a if b else c) if x else y
    return not (a == b), w, z, a is b, a is not b
