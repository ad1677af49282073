# Shortest round-trip representation over many magnitudes.
values = []
x = 1.0
for k in range(60):
    x = x * 1.7 + 0.1
    values.append(x)
for k in range(40):
    x = x / 7.3
    values.append(x)
for v in values:
    assert float(repr(v)) == v
print(values[0], values[10], values[30], values[59], values[70], values[99])
print([10.0 ** k for k in range(-8, 24)])
print([1 / 3 * 10 ** k for k in range(-7, 20, 3)])
print(123456.789e3, 1e15 + 0.5, 1e16 + 1, 123e-7, 9.999999999999999e22, 2 ** 0.5 * 1e8)
print(str(1e16), repr(1e17), 1234567890123456.7, 12345678901234567.8, 0.1 + 0.7, 1e-4, 1e-5, 1.5e-5)
for spec in (".0f", ".1f", ".5f", ".10f", ".3e", ".0e", ".4g", "g", "n", "e", "f", "", ".17g", "#.0f", "#g", " .2f", "<10.2f", "^10.2f", "=+10.2f", "010", "*>12.3f"):
    print(spec, [format(v, spec) for v in (0.0, -1.5, 2.675, 12345.6789, 1e-7, 1e21)])
