a, b = [1, 2]
[c, d] = 3, 4
(e, (f, *g)), h = (5, (6, 7, 8)), 9
print(a, b, c, d, e, f, g, h)
first, *middle, last = "python"
*start, end = range(4)
only, = [1]
print(first, middle, last, start, end, only)
x = [0] * 3
x[0], x[1:], obj = 1, [2, 3, 4], type("O", (), {})()
obj.p, obj.q = obj.r = 5, 6
print(x, vars(obj))
i = [0]
i[0], i = 5, i
print(i)
for k, [m, n] in {"a": [1, 2]}.items():
    print(k, m, n)
for i, x[i] in enumerate("abc"):
    pass
print(x)
with open("t.txt", "w") as obj.file:
    pass
print(obj.file.closed)
a = b = c = []
a += [1]
b = b + [2]
print(a, b, c, a is c)
t = ([1],)
try:
    t[0] += [2]
except TypeError as error:
    print(error, t)
n = 10
n += 5; n -= 3; n *= 2; n //= 5; n **= 3; n %= 50; n <<= 2; n |= 1; n ^= 3; n &= 0x7f; n >>= 1
print(n)
del a, x[0], obj.p
try:
    a
except NameError as error:
    print(error)
del (b, c), [n]
print("b" in globals(), "n" in globals())


def swap(p, q):
    p, q = q, p
    return p, q


print(swap(1, 2))
u = v = 1
u, v, u = 5, 6, 7
print(u, v)
x: int = 3
y: list = [x]
print(x, y)
if (z := 5) and (w := z * 2):
    print(z, w)
s = "immutable"
t = s
s += "!"
print(s, t)
nested = {"a": {"b": [1, 2]}}
nested["a"]["b"][0] += 10
nested["a"]["c"] = nested["a"].pop("b")
print(nested)
_, __, *_ = 1, 2, 3, 4
print(_, __)
