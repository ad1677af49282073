import math

print(0.1 + 0.2, 1.0, 1e16, 1e15, 123456789.123, 1e-5, 0.0001, 1e22, 1e100, -0.0, 5e-324, 1.7976931348623157e308)
print(1.5 // 0.4, -1.5 // 0.4, 1.5 % 0.4, -1.5 % 0.4, divmod(7.5, -2), 2.0 ** 0.5, (-8.0) ** (1 / 3))
print(float("inf"), float("-inf"), float("nan"), float(" 1.5\n"), float("1_0.5"), float("1e3"), float(".5"), float("5."), float())
print(0.5 == 1 / 2, float("nan") == float("nan"), 1.0 == 1, hash(1.0) == hash(1), hash(float("inf")), hash(-0.0), hash(2.0 ** 20))
print(round(0.5), round(1.5), round(2.5), round(-0.5), round(2.675, 2), round(1234.5678, -2), round(1e300, 2), round(5.015, 2))
print(int(1e10), math.floor(-1.5), math.ceil(-1.5), math.trunc(-1.5), (1.5).is_integer(), (2.0).is_integer())
print((0.75).as_integer_ratio(), (0.1).hex(), float.fromhex("0x1.8p3"), (255.0).hex(), float.fromhex("-0x.1p-3"))
print(1e308 * 10, -1e308 * 10, 1e308 * 10 - 1e308 * 10, 1 / 1e-320 > 1)
print(3.7.__floor__(), 3.2.__ceil__(), 3.7.__trunc__(), abs(-2.5), -(2.5), +(2.5), 2.5.conjugate(), 2.5.real, 2.5.imag)
print(min(1.5, 2), max(1, 2.5), sum([0.1] * 10), math.fsum([0.1] * 10), sum([1e100, 1.0, -1e100]))
print(1.0 < 2, 2 > 1.5, 10 ** 30 > 1e29, 2 ** 53 == float(2 ** 53), 2 ** 53 + 1 == float(2 ** 53), 1e400 > 10 ** 300)
print(f"{3.14159:.2f} {3.14159:8.3f}| {1234567.891:,.1f} {0.00012:e} {0.5:%} {1e10:g} {123456789.0:g} {0.1:.20f} {1.0:.3} {2.5:+} {1e5:010.2f}")
print("%.3f %5.1f %e %g %G %r %s" % (1.23456, 2.25, 12345.678, 1e-10, 1e20, 0.1, 0.25))
print(1.1 * 1.1, 4.35 * 100, 1.1 + 2.2, 0.1 * 3, 1 - 0.9, 100 * 1.1, 9007199254740993.0, 1.005 * 1000)
for bad in ('float("x")', 'float("")', "float(None)", "1.0 // 0", "1.0 % 0", "1.0 / 0", "0.0 ** -1", 'int(float("inf"))', "float([])",
            'float("1__0")', "(1.5) & 1", "1.5 << 1", "list(range(3))[1.0]", 'float.fromhex("zz")', "round(1.5, 1.5)", 'float("nan").as_integer_ratio()', "divmod(1.0, 0.0)"):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
