def add(a, b=1, *rest, scale=2, **options):
    local = a + b
    return local * scale


def outer(x):
    def inner(y):
        nonlocal x
        x += y
        return x

    return inner


square = lambda n: n * n
print(add(1, 2, scale=3), add(*[1], **{"b": 2}), outer(1)(2), square(4))
