# Integers of many sizes: arithmetic, powers, roots, bits, bytes, texts in all bases, comparison with floats.
import math

BINARY = ["__add__", "__sub__", "__mul__", "__floordiv__", "__mod__", "__divmod__", "__and__", "__or__", "__xor__", "__truediv__",
          "__lt__", "__eq__", "gcd", "lcm", "comb", "__round__"]


def case(r):
    a = integer_from(r, r.choice([100, 400, 3000]))
    kind = r.below(11)
    if kind < 4:
        b = integer_from(r, r.choice([100, 400, 3000]))
        name = r.choice(BINARY)
        if name == "comb":
            a, b = abs(a) % 3000, abs(b) % 300
        if name == "__round__":
            b = -(abs(b) % 60)
        function = getattr(math, name) if name in ("gcd", "lcm", "comb") else None
        result = attempt(function, a, b) if function else attempt(getattr(a, name), b)
        return "%s(%d, %d) %s" % (name, a, b, result)
    if kind == 4:
        n = r.below(300)
        return "%d shift %d %s %s" % (a, n, attempt(a.__lshift__, n), attempt(a.__rshift__, n))
    if kind == 5:
        b, m = abs(integer_from(r, 200)), integer_from(r, 200)
        if r.below(4) == 0:
            b = -b
        a = integer_from(r, 200)
        return "pow(%d, %d, %d) %s" % (a, b, m, attempt(pow, a, b, m))
    if kind == 6:
        b = r.below(20) if abs(a).bit_length() < 600 else r.below(4)
        return "%d ** %d %s %s" % (a, b, attempt(pow, a, b), attempt(math.isqrt, a))
    if kind == 7:
        base = r.below(40)
        alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"[:max(base, 2)]
        text = r.choice(["", "-", "+", " ", "0x", "0b", "0o", "-0X"]) + r.text(alphabet, 80) + r.choice(["", "", "_", " ", "z", "_1", "\u0664"])
        return "int(%r, %d) %s %s" % (text, base, attempt(int, text, base), attempt(int, text))
    if kind == 8:
        length, order, signed = r.below(60), r.choice(["little", "big"]), r.flip()
        data = bytes([r.below(256) for _ in range(r.below(40))])
        return "%d to_bytes %d %s %s %s %s" % (a, length, order, signed, attempt(lambda: a.to_bytes(length, order, signed=signed)),
                                               int.from_bytes(data, order, signed=signed))
    if kind == 9:
        value = float_from(r)
        return "%d with %r %s %s %s %s %s %s" % (a, value, a == value, a < value, a > value, attempt(float, a),
                                                 attempt(lambda: a + value), hash(a) == hash(a + 0))
    spec = "%s%s%s%s%s%s%s" % (r.choice(["", "<", ">", "=", "^", "*^"]), r.choice(["", "+", " ", "-"]), r.choice(["", "#"]),
                               r.choice(["", "0", "30", "080"]), r.choice(["", "", ",", "_"]), r.choice(["", "", "", ".3"]),
                               r.choice(["", "d", "b", "o", "x", "X", "n", "e", "f", "g", "%", "c", "s"]))
    if "c" in spec:
        a %= 2000
    return "%d %r %s %s %s %d %d" % (a, spec, attempt(format, a, spec), hex(a), oct(a), a.bit_length(), a.bit_count())
