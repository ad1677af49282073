def f(n):
    return [lambda x=i, *, y=n: x + y + n for i in range(n)]
