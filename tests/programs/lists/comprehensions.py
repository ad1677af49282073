print([x ** 2 for x in range(10)], [(x, y) for x in [1, 2, 3] for y in [3, 1, 4] if x != y], [[r[i] for r in [[1, 2], [3, 4], [5, 6]]] for i in range(2)])
print({x for x in "abracadabra" if x not in "abc"} == {"r", "d"}, {x: x ** 2 for x in (2, 4, 6)}, list(x * 2 for x in range(3)), sum(x for x in range(5)), {k: v for v, k in enumerate("abc")})
print([x if x % 2 else -x for x in range(6)], [y for x in range(3) if x for y in range(x)], [f(3) for f in [lambda x, n=n: x + n for n in range(3)]], [f() for f in [lambda: n for n in range(3)]])
x = "outer"
print([x for x in range(3)], x, [(y := i) for i in range(3)], y, [a for a, *b in [(1, 2, 3), (4,)]], [b for a, *b in [(1, 2, 3), (4,)]])
print([word.title() for line in ["a b", "c"] for word in line.split()], [[0 for _ in range(i)] for i in range(4)], [[j for j in range(i)] for i in range(3)], [*range(3), *"ab"], {*[1, 2], 3}, {**{"a": 1}, "b": 2})


def make(n):
    k = 10
    return [i + k + n for i in range(3)], {i: k for i in range(2)}, list(i * n for i in range(3))


print(make(5))


class C:
    items = [1, 2, 3]
    doubled = [i * 2 for i in items]
    try:
        scaled = [i * len(items) for i in [1]]
    except NameError as error:
        print("NameError:", error)


print(C.doubled)
g = (i for i in [1, 2, 3])
print(next(g), list(g), list(g), type(g).__name__)
print([locals_free for locals_free in (1,)], "locals_free" in globals(), [i for i in range(20) if i % 2 if i % 3])
for bad in ("[x for x in 5]", "[undefined for x in [1]]", "[1/0 for _ in [1]]", "{[]: 1 for _ in [1]}", "{[] for _ in [1]}", "[a for a, b in [(1, 2, 3)]]", "[a for a, b in [1]]", "(i for i in 5)", "list(1/i for i in [1, 0])"):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
