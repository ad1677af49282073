import math

print(math.sqrt(2), math.pi, math.e, math.tau, math.inf, math.nan)
print(math.gcd(12, 18), math.gcd(), math.gcd(0, 5), math.gcd(-12, 18, 27), math.lcm(4, 6), math.lcm(), math.lcm(0, 3))
print(math.factorial(20), math.factorial(0), math.comb(10, 3), math.comb(3, 10), math.perm(5, 2), math.perm(5), math.isqrt(10 ** 20 + 1))
print(math.floor(2.7), math.ceil(2.1), math.trunc(-2.7), math.fabs(-3), math.fmod(-7, 3), math.modf(3.25), math.modf(-0.5))
print(math.frexp(8.5), math.ldexp(0.5, 5), math.copysign(3, -0.0), math.isclose(0.1 + 0.2, 0.3), math.isclose(1, 1.1))
print(math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1e308), math.log(100, 10), math.log2(8), math.log10(1000), math.log1p(0))
print(math.exp(0), math.expm1(0), math.pow(2, 10), math.hypot(3, 4), math.hypot(1, 2, 2), math.dist((0, 0), (3, 4)), math.degrees(math.pi), math.radians(180))
print(math.sin(0), math.cos(0), math.tan(0), math.atan2(1, 1), math.asin(1), math.acos(1), math.atan(1), math.sinh(0), math.cosh(0), math.tanh(0))
print(math.prod([1, 2, 3, 4]), math.prod([], start=7), math.sumprod([1, 2], [3, 4]), math.fsum([1e100, 1, -1e100]), math.cbrt(27))
print(math.nextafter(1.0, 2.0), math.ulp(1.0), math.remainder(7, 4), math.gamma(5), math.lgamma(1), math.erf(0), math.erfc(0), math.fma(2, 3, 4))
print(math.log(10 ** 400), math.log2(2 ** 2000), math.sqrt(10 ** 300), math.floor(1e20), math.ceil(10 ** 25))
for bad in ("math.sqrt(-1)", "math.log(0)", "math.log(-1)", "math.factorial(-1)", "math.factorial(1.5)", "math.exp(1000)", "math.acos(2)", "math.isqrt(-1)",
            "math.comb(-1, 2)", "math.gcd(1.5)", "math.floor('x')", "math.sqrt('x')", "math.sqrt()", "math.sqrt(1, 2)", "math.pow(0, -1)", "math.fmod(1, 0)",
            "math.log(2, 1)", "math.ceil(math.inf)", "math.trunc(math.nan)", "math.prod(3)", "math.hypot('a')", "math.dist((1,), (1, 2))", "math.lgamma(0)", "math.nothing"):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)

