def f(a, b):
    x = [i for i in a if i if not b]
    y = {k: v for k, v in a}
    z = {i + j for i in a for j in i}
    w = [lambda: i for i in a]
    v = [[i for i in r] for r in a]
    u = (i for i in a if i)
    try:
        t = [i for i in a]
    except E:
        t = i
    return sum(i * b for i in a)
class C:
    n = 3
    m = [n for q in range(n)]
k = [i for i in range(3)]
