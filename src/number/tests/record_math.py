"""Records results of CPython 3.14's math module for tests/math.rs. Prints lines of words:
kind, function, arguments, result; floats as 16 hexadecimal digits, D for ValueError, R for OverflowError.

Two of musl's mistakes are left out: acosh(x) for x < -2, and the sign of an underflowing fma.

Run with any CPython 3.14 over musl (Pyodide): python record_math.py > data/math.txt
"""
import math
import random
import struct

COUNT = 25
rng = random.Random(20240229)


def bits(x):
    return "%016x" % struct.unpack("<Q", struct.pack("<d", x))[0] if x == x else "nan"


def attempt(f, *args):
    try:
        return bits(f(*args))
    except ValueError:
        return "D"
    except OverflowError:
        return "R"


def any_float():
    return struct.unpack("<d", struct.pack("<Q", rng.getrandbits(64)))[0]


def spread(low, high):
    return lambda: rng.uniform(low, high)


def wide(limit):
    """Sizes spread evenly over the exponents up to 2**limit."""
    return lambda: rng.choice((-1, 1)) * math.ldexp(rng.uniform(0.5, 1), rng.randint(-60, limit))


SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, 10.0, 100.0, 0.1, -0.1, 1e-5, 1e-300, -1e-300, 5e-324, -5e-324,
           1e300, -1e300, 1.7976931348623157e308, float("inf"), -float("inf"), float("nan"), 0.9999999999999999,
           1.0000000000000002, 709.0, 710.0, -745.0, -746.0, 708.5, 1023.5, 1024.0, -1074.0, -1075.5, 22.0, 20.5, 171.0,
           171.5, 172.0, -170.5, -171.5, 27.0, 0.84375, 1.25, 2.857, 6.0, 28.0, 1e22, 4.5, -4.5, 8.0, 27.0, 1000.0]

UNARY = {
    "exp": [spread(-745, 710), wide(9)], "exp2": [spread(-1080, 1024), wide(10)], "expm1": [spread(-40, 710), wide(9)],
    "log": [lambda: abs(any_float()), spread(0.5, 2), spread(0, 100)], "log2": [lambda: abs(any_float()), spread(0.5, 2)],
    "log10": [lambda: abs(any_float()), spread(0.5, 2)], "log1p": [wide(20), spread(-1, 2)],
    "sqrt": [lambda: abs(any_float())], "cbrt": [any_float, spread(-100, 100)],
    "sin": [spread(-10, 10), wide(40)], "cos": [spread(-10, 10), wide(40)], "tan": [spread(-10, 10), wide(40)],
    "asin": [spread(-1, 1), wide(0)], "acos": [spread(-1, 1), wide(0)], "atan": [spread(-10, 10), wide(40)],
    "sinh": [spread(-711, 711), spread(-3, 3), wide(9)], "cosh": [spread(-711, 711), spread(-3, 3)],
    "tanh": [spread(-25, 25), wide(4)], "asinh": [spread(-100, 100), wide(100)], "acosh": [spread(1, 100), lambda: abs(wide(100)())],
    "atanh": [spread(-1, 1), wide(0)], "gamma": [spread(-180, 175), spread(-5, 10), wide(7)],
    "lgamma": [spread(-180, 1000), spread(-5, 10), wide(100)], "erf": [spread(-7, 7), wide(2)],
    "erfc": [spread(-7, 28), wide(4)], "degrees": [any_float], "radians": [any_float], "ulp": [any_float], "fabs": [any_float],
}
for name, sources in UNARY.items():
    function = getattr(math, name)
    for x in SPECIAL + [source() for source in sources for _ in range(COUNT)]:
        print("unary", name, bits(x), attempt(function, x))

BINARY = {
    "pow": [(lambda: abs(any_float()), wide(3)), (spread(0, 10), spread(-50, 50)), (wide(10), lambda: float(rng.randint(-99, 99))),
            (spread(0.9, 1.1), wide(12)), (lambda: float(rng.randint(1, 30)), lambda: float(rng.randint(1, 30)))],
    "atan2": [(wide(3), wide(3)), (any_float, any_float)], "fmod": [(wide(60), wide(10)), (any_float, any_float)],
    "remainder": [(wide(60), wide(10)), (any_float, any_float), (lambda: float(rng.randint(-9, 9)), lambda: 2.0)],
    "hypot": [(wide(3), wide(3)), (any_float, any_float), (spread(0, 1e-308), spread(0, 1e-308))],
    "copysign": [(any_float, any_float)],
    "nextafter": [(any_float, any_float), (lambda: 0.0, any_float), (lambda: 5e-324, lambda: -1.0)],
    "ldexp": [(any_float, lambda: float(rng.randint(-2200, 2200)))],
}
for name, sources in BINARY.items():
    function = getattr(math, name)
    if name == "ldexp":
        function = lambda x, n: math.ldexp(x, int(n))
        pairs = []
    else:
        pairs = [(x, y) for x in SPECIAL[:29] for y in SPECIAL[:29]]
        pairs = pairs if name in ("pow", "atan2") else rng.sample(pairs, 100)
    for x, y in pairs + [(a(), b()) for a, b in sources for _ in range(COUNT)]:
        if name == "copysign" and y != y:
            continue
        print("binary", name, bits(x), bits(y), attempt(function, x, y))


def floats(n, source):
    return [source() for _ in range(n)]


def record_list(name, function, *lists):
    print(name, *(",".join(map(bits, items)) or "-" for items in lists), attempt(function, *lists))


EDGES = [[], [1e16, 1.0, -1e16], [1e308, 1e308, -1e308], [float("inf"), 1.0], [float("inf"), -float("inf")], [float("nan")],
         [1e100, 1.0, -1e100, 1e-100], [0.1] * 10, [-0.0], [1e16, 1.0, 1e-16], [2.0**53, 0.5, 2.0**-1074]]
for items in EDGES + [floats(rng.randint(1, 30), rng.choice((wide(60), any_float, spread(-1, 1)))) for _ in range(COUNT * 4)]:
    record_list("fsum", math.fsum, items)
    record_list("hypotn", lambda v: math.hypot(*v), items)
    if all(map(math.isfinite, items)):
        record_list("sum", sum, items)
for _ in range(COUNT * 4):
    n = rng.randint(1, 20)
    source = rng.choice((wide(60), spread(-1, 1), wide(300)))
    p, q = floats(n, source), floats(n, source)
    record_list("sumprod", math.sumprod, p, q)
    record_list("dist", math.dist, p, q)

for _ in range(COUNT * 2):
    source = rng.choice((wide(60), any_float))
    x, y, z = floats(3, source)
    if rng.random() < 0.5:
        z = -x * y
    if z == 0:  # musl's fma loses the sign of results that underflow
        continue
    print("fma", bits(x), bits(y), bits(z), attempt(math.fma, x, y, z))
for x in SPECIAL + floats(COUNT, any_float) + floats(COUNT, wide(60)):
    m, e = math.frexp(x)
    print("frexp", bits(x), bits(m), e)
    f, w = math.modf(x)
    print("modf", bits(x), bits(f), bits(w))
for _ in range(COUNT):
    x, y = any_float(), any_float()
    steps = rng.choice((0, 1, 2, 100, 10**15, 2**64 - 1, 2**62 + 5))
    print("steps", bits(x), bits(y), steps, attempt(lambda a, b: math.nextafter(a, b, steps=steps), x, y))
for _ in range(COUNT):
    a = rng.getrandbits(rng.choice((10, 60, 64, 500, 1024, 1030, 3000, 5000))) - rng.choice((0, 0, 0, 5))
    for name in ("log", "log2", "log10"):
        print("logint", name, "%x" % a, attempt(getattr(math, name), a))
