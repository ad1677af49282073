def g(n):
    x = yield
    y = yield x + 1
    yield from n
    z = yield from g(y)
    return (yield)
h = lambda: (yield 1)
