# cmath: every function on a grid with zeros, infinities and NaNs
import cmath
from math import inf, nan


def show(name, function, *arguments):
    try:
        result = function(*arguments)
    except Exception as error:
        result = f"{type(error).__name__} {error}"
    print(name, arguments, result)


VALUES = [-inf, -1.5, -0.0, 0.0, 1.5, inf, nan, 1e308, -1e-310, 750.0, 1.0]
NAMES = "acos acosh asin asinh atan atanh cos cosh exp log log10 sin sinh sqrt tan tanh phase polar isinf isnan isfinite"
for name in NAMES.split():
    for x in VALUES:
        for y in VALUES:
            show(name, getattr(cmath, name), complex(x, y))
for x in VALUES:
    for y in VALUES:
        show("rect", cmath.rect, x, y)
show("log", cmath.log, 1j, 2)
show("log", cmath.log, 1j, 1)
show("isclose", cmath.isclose, 1, 1 + 1e-10j)
show("sqrt", cmath.sqrt, "a")
print(cmath.infj, cmath.nanj)
