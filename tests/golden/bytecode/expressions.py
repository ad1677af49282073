x, (y, *z) = 1, (2, 3, 4)
a = b = x + y * 2 if x and not y else z[1:2]
a.b[c] += d(x, *y, k=z)
print(f"{x!r:>{y}} {z=}", x < y <= z, x is None, -x, [*z, 1], {**a, "k": 1})
del a.b, z[0]
assert x, "message"
w = (n := 5) + n
import os.path as p
from sys import argv, path as q
global_name = 1_000_000_000_000_000_000_000
