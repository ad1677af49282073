class Q:
    def __init__(self, n, d=1):
        if d == 0:
            raise ZeroDivisionError("denominator is zero")
        from math import gcd
        g = gcd(n, d) * (1 if d > 0 else -1)
        self.n, self.d = n // g, d // g

    def __add__(self, o):
        o = o if isinstance(o, Q) else Q(o)
        return Q(self.n * o.d + o.n * self.d, self.d * o.d)

    __radd__ = __add__

    def __mul__(self, o):
        o = o if isinstance(o, Q) else Q(o)
        return Q(self.n * o.n, self.d * o.d)

    def __neg__(self):
        return Q(-self.n, self.d)

    def __sub__(self, o):
        return self + -o

    def __rsub__(self, o):
        return -self + o

    def __truediv__(self, o):
        return self * (Q(o.d, o.n) if isinstance(o, Q) else Q(1, o))

    def __eq__(self, o):
        o = o if isinstance(o, Q) else Q(o)
        return (self.n, self.d) == (o.n, o.d)

    def __lt__(self, o):
        return self.n * o.d < o.n * self.d

    def __hash__(self):
        return hash(self.n / self.d)

    def __float__(self):
        return self.n / self.d

    def __str__(self):
        return f"{self.n}/{self.d}" if self.d != 1 else str(self.n)

    def __repr__(self):
        return f"Q({self.n}, {self.d})"


a, b = Q(1, 2), Q(-3, 4)
print(a + b, a - b, a * b, a / b, a + 1, 1 + a, 1 - a, -a, float(b), a == Q(2, 4), a == 1, Q(4, 2) == 2, b < a, sorted([a, b, Q(1, 3)]), sum([a, b], Q(0)), {Q(1, 2): "half"}[Q(2, 4)])
h = Q(0)
for i in range(1, 11):
    h += Q(1, i)
print(h, repr(h), float(h))
for bad in (lambda: Q(1, 0), lambda: a / Q(0), lambda: a < 1, lambda: a + "x", lambda: a ** 2):
    try:
        print(bad())
    except (ZeroDivisionError, TypeError, AttributeError) as error:
        print(type(error).__name__, error)
