class Poly:
    def __init__(self, *c):
        while c and c[-1] == 0:
            c = c[:-1]
        self.c = c

    def __call__(self, x):
        result = 0
        for k in reversed(self.c):
            result = result * x + k
        return result

    def __add__(self, o):
        n = max(len(self.c), len(o.c))
        pad = lambda t: t + (0,) * (n - len(t))
        return Poly(*(a + b for a, b in zip(pad(self.c), pad(o.c))))

    def __mul__(self, o):
        out = [0] * (len(self.c) + len(o.c) - 1)
        for i, a in enumerate(self.c):
            for j, b in enumerate(o.c):
                out[i + j] += a * b
        return Poly(*out)

    def derive(self):
        return Poly(*(i * a for i, a in enumerate(self.c) if i))

    def __str__(self):
        terms = [f"{a}" if i == 0 else f"{a if a != 1 else ''}x{f'^{i}' if i > 1 else ''}" for i, a in enumerate(self.c) if a]
        return " + ".join(reversed(terms)) or "0"


p, q = Poly(1, 2, 1), Poly(-1, 1)
print(p, q, p + q, p * q, p.derive(), p(3), q(p(2)), Poly(), Poly(0, 0, 5), p.derive().derive().derive())


def newton(f, x, steps=20):
    df = f.derive()
    for _ in range(steps):
        x -= f(x) / df(x)
    return x


print(round(newton(Poly(-2, 0, 1), 1.0), 10), [round(newton(Poly(-6, 11, -6, 1), s), 6) for s in (0.0, 2.1, 5.0)])


def integrate(f, a, b, n=100):
    h = (b - a) / n
    return sum((f(a + i * h) + f(a + (i + 1) * h)) * h / 2 for i in range(n))


print(f"{integrate(lambda x: x * x, 0, 3):.4f}", f"{integrate(Poly(0, 1), 0, 2):.3f}")


def bisect(f, a, b):
    while b - a > 1e-9:
        m = (a + b) / 2
        a, b = (m, b) if f(a) * f(m) > 0 else (a, m)
    return a


print(round(bisect(lambda x: x ** 3 - x - 2, 1, 2), 6))
total = 0.0
for k in range(2000):
    total += (-1) ** k / (2 * k + 1)
print(round(4 * total, 5), sum(1 / 2 ** n for n in range(60)))
