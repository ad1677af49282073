# Operators of Python classes: reflected, in-place, NotImplemented, subclasses first, sequences last


def show(function):
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)


class V:
    def __init__(self, x):
        self.x = x

    def __add__(self, other):
        print("add", self.x)
        return V(self.x + other.x) if isinstance(other, V) else NotImplemented

    def __radd__(self, other):
        print("radd", self.x)
        return V(other + self.x) if isinstance(other, int) else NotImplemented

    def __iadd__(self, other):
        self.x += 1
        return self

    def __mul__(self, other):
        return NotImplemented

    def __rmul__(self, other):
        return "r"

    def __index__(self):
        return self.x

    def __neg__(self):
        return "neg"

    def __pow__(self, other, modulus=None):
        return ("pow", other, modulus)

    def __rpow__(self, other, modulus=None):
        return ("rpow", other, modulus)

    def __divmod__(self, other):
        return "divmod"


class W(V):
    def __radd__(self, other):
        return "W"


class L(list):
    def __add__(self, other):
        return NotImplemented

    def __rmul__(self, other):
        return "L"


v = V(1)
show(lambda: (v + V(2)).x)
show(lambda: (5 + v).x)
show(lambda: v + W(3))
show(lambda: (W(3) + v).x)
show(lambda: -v)
show(lambda: +v)
show(lambda: [1] * V(2))
show(lambda: V(2) * [1])
show(lambda: 3 * v)
show(lambda: v * 3)
show(lambda: v + 3)
show(lambda: "a" + v)
show(lambda: v - 3)
show(lambda: v ** 2)
show(lambda: 2 ** v)
show(lambda: pow(v, 2, 3))
show(lambda: pow(2, v, 3))
show(lambda: divmod(v, 1))
show(lambda: divmod(1, v))
show(lambda: L([1]) + [2])
show(lambda: [2] + L([1]))
show(lambda: [2] * L([1]))
show(lambda: 2 * L([1]))
show(lambda: [1] + (2,))
show(lambda: "a" + 1)
show(lambda: 1 + "a")
show(lambda: "a" * -1)
show(lambda: 1.5 * "a")
show(lambda: (1,) * None)
show(lambda: 1 @ 2)
show(lambda: pow(1, 2, "a"))
v += 5
print(v.x)
x = [1]
y = x
x += (2, 3)
x *= 2
print(x, x is y)
t = (1,)
t += (2,)
t *= 2
print(t)
n = 10 ** 20
for op in ("n += 1.5", "n -= None", "n **= 2", "n //= 'a'", "n @= 1", "n >>= 1.0", "n <<= -1", "n |= {}"):
    try:
        exec(op)
        print(op, n)
    except Exception as error:
        print(op, type(error).__name__, error)
