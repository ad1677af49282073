t = 12345, 54321, "hello!"
print(t, t[0], len(t), t[1:], t + (1,), t * 2, ("x",), (), tuple(), tuple("ab"), tuple([1, 2]), (1, (2, 3)), t.count("hello!"), t.index(54321), 1 in t)
x, y, z = t
print(x, y, z)
(a, b), c = (1, 2), 3
[d, *e] = range(4)
*f, g = "xyz"
h, *i, j = [1, 2]
print(a, b, c, d, e, f, g, h, i, j)
a, b = b, a
print(a, b, (1, 2) < (1, 3), (1,) < (1, 2), (1, "a") == (1, "a"), hash((1, 2)) == hash((1, 2)), {(1, 2): "v"}[1, 2], tuple(sorted((3, 1))), max((1, 2), (2, 0)), () < (1,), tuple(t) is t)
m = (1, [2])
try:
    m[1] += [3]
except TypeError as error:
    print(error, m)
for bad in ("t[9]", "t['a']", "t + [1]", "t + 1", "t * 'a'", "t.index(1)", "t < 1", "(1, 2) < (1, 'a')", "hash((1, []))", "tuple(5)", "t.append(1)", "t()", "tuple(1, 2)"):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
for statement in ("t[0] = 1", "del t[0]", "a, b = 1, 2, 3", "a, b, c = 1, 2", "a, *b, c = 1,", "a, b = 5", "a, b = {}", "(a, b), c = 1, 2", "a, b = 'abc'", "a, b, c, d = iter([1, 2])", "for a, b in [(1, 2), (3,)]: pass", "t.x = 1", "a, b = None", "*a, b = []", "a, b = (i for i in range(5))", "[] = [1]", "() = ()"):
    try:
        exec(statement)
    except Exception as error:
        print(statement, "->", type(error).__name__, error)


class Pair(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))

    @property
    def total(self):
        return self[0] + self[1]


p = Pair(1, 2)
print(p, p.total, p == (1, 2), type(p[:]), type(p + p), isinstance(p, tuple), Pair(1, 2) in {(1, 2)})
