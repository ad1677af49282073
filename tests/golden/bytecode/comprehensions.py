a = [x for x in range(5) if x]
b = {x: y for x, y in zip("ab", "cd")}
c = {(z := x) for x in a}


def f(n):
    return [[i * n for i in range(n)] for _ in range(2)]
