class Vec:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"V({self.x}, {self.y})"

    def __add__(self, o):
        if not isinstance(o, Vec):
            return NotImplemented
        return Vec(self.x + o.x, self.y + o.y)

    def __radd__(self, o):
        return self if o == 0 else NotImplemented

    def __sub__(self, o):
        return Vec(self.x - o.x, self.y - o.y)

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k) if isinstance(k, (int, float)) else NotImplemented

    __rmul__ = __mul__

    def __matmul__(self, o):
        return self.x * o.x + self.y * o.y

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __pos__(self):
        return self

    def __invert__(self):
        return Vec(self.y, self.x)

    def __abs__(self):
        return (self.x ** 2 + self.y ** 2) ** 0.5

    def __bool__(self):
        return bool(self.x or self.y)

    def __eq__(self, o):
        return isinstance(o, Vec) and (self.x, self.y) == (o.x, o.y)

    def __lt__(self, o):
        return abs(self) < abs(o)

    def __le__(self, o):
        return abs(self) <= abs(o)

    def __len__(self):
        return 2

    def __getitem__(self, i):
        return (self.x, self.y)[i]

    def __contains__(self, v):
        return v in (self.x, self.y)

    def __call__(self, *a, **k):
        return a, k

    def __iadd__(self, o):
        self.x += o.x
        return self

    def __divmod__(self, o):
        return "divmod", o

    def __rdivmod__(self, o):
        return "rdivmod", o

    def __pow__(self, o, m=None):
        return "pow", o, m

    def __rpow__(self, o):
        return "rpow", o

    def __round__(self, n=None):
        return "round", n

    def __int__(self):
        return 7

    def __float__(self):
        return 7.5

    def __index__(self):
        return 1

    def __hash__(self):
        return 5


a, b = Vec(3, 4), Vec(1, 2)
print(a + b, a - b, a * 2, 2 * a, a @ b, -a, +a, ~a, abs(a), bool(Vec(0, 0)), a == Vec(3, 4), a != b, a < b, a > b, a <= b, a >= b, len(a), a[0], list(a), 3 in a, a(1, k=2), sum([a, b]))
c = a
a += b
print(a, c is a, divmod(a, 1), divmod(1, a), a ** 2, 2 ** a, pow(a, 2, 3), round(a), round(a, 1), int(a), float(a), [10, 20][a], hash(a), min(b, a), sorted([a, b]), x if (x := a) else 0)
for bad in ("a + 1", "1 + a", "'s' + a", "a * 'x'", "a // 2", "a % 2", "a << 1", "a & b", "a / b", "a @ 5", "a < 5", "5 < a", "a - 5", "[] * Vec", "complex(a) * None", "a[5]"):
    try:
        print(bad, eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)


class Left:
    def __init__(self, name): self.name = name
    def __add__(self, o): return f"{self.name}.add"
    def __radd__(self, o): return f"{self.name}.radd"
    def __eq__(self, o): print("Left.eq", end=" "); return NotImplemented
    def __lt__(self, o): print("Left.lt", end=" "); return NotImplemented
    def __gt__(self, o): print("Left.gt", end=" "); return NotImplemented


class Right(Left):
    def __radd__(self, o): return f"{self.name}.Right.radd"


print(Left("l") + Right("r"), Right("r") + Left("l"), 1 + Left("l"), Left("a") + Left("b"))
print(Left(1) == Left(2), Left(1) == 5, Left(1) != 5)
try:
    Left(1) < Left(2)
except TypeError as error:
    print(error)


class InPlace:
    def __init__(self): self.log = []
    def __iadd__(self, o): self.log.append(("iadd", o)); return self
    def __imul__(self, o): return "replaced"
    def __ior__(self, o): return NotImplemented
    def __or__(self, o): return "or"
    def __sub__(self, o): return "sub"


i = InPlace()
i += 1
print(i.log)
j = i
i *= 2
print(i)
j |= 1
print(j)
k = InPlace()
k -= 1
print(k)
try:
    m = InPlace()
    m //= 2
except TypeError as error:
    print(error)
