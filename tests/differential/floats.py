# Parsing and printing of floats: repr, str, hex, fromhex, float() of texts, round, as_integer_ratio, printf and format.

def number_text(r):
    kind = r.below(12)
    if kind < 2:
        return repr(float_from(r))
    if kind == 2:
        return float_from(r).hex()
    if kind == 3:
        # Halfway between two floats, and a digit more or less.
        from fractions import Fraction
        import math
        value = abs(float_from(r))
        if not value < 1e300 or value < 1e-290:
            value = 1.0 + r.below(1000) / 1024
        middle = (Fraction(value) + Fraction(math.nextafter(value, math.inf))) / 2
        digits = r.below(30) + 780
        scaled = middle.numerator * 10 ** digits // middle.denominator
        return "%de-%d" % (scaled + r.choice([0, 0, 1, -1]), digits)
    if kind == 4:
        return r.text("0123456789_.eE+-xXaAfnNiIt ", 12)
    digits = r.text("0123456789", r.choice([3, 8, 17, 20, 25, 40, 120]))
    point = r.below(len(digits) + 1)
    text = r.choice(["", "", "-", "+", " ", "\n-"]) + digits[:point] + r.choice(["", ".", "."]) + digits[point:]
    if r.flip():
        text += r.choice("eE") + r.choice(["", "-", "+"]) + r.text("0123456789", 3)
    if r.below(10) == 0:
        at = r.below(len(text) + 1)
        text = text[:at] + r.choice(["_", " ", "\u0663", "\u00a0", "e", ".", "\x00"]) + text[at:]
    return text + r.choice(["", "", "", " ", "\t"])


def specification(r):
    return "%s%s%s%s%s%s%s%s" % (
        r.choice(["", "", "<", ">", "=", "^", "*^", "0="]), r.choice(["", "", "+", " ", "-"]), r.choice(["", "", "", "z"]),
        r.choice(["", "", "#"]), r.choice(["", "", "0", "12", "030"]), r.choice(["", "", ",", "_"]),
        r.choice(["", ".0", ".1", ".2", ".3", ".6", ".10", ".15", ".16", ".17", ".18", ".25", ".60", ".2,", ".6_"]),
        r.choice(["", "e", "E", "f", "F", "g", "G", "%", "n"]))


def case(r):
    kind = r.below(8)
    if kind == 0:
        text = number_text(r)
        return "float(%r) %s" % (text, attempt(float, text))
    if kind == 1:
        text = number_text(r).strip() if r.flip() else float_from(r).hex().replace("p", r.choice(["p", "8p", ".p", "P"]))
        return "fromhex(%r) %s" % (text, attempt(float.fromhex, text))
    value = float_from(r)
    if kind == 2:
        digits = r.below(40) - 12
        return "round(%r, %d) %s %s" % (value, digits, attempt(round, value, digits), attempt(round, value))
    if kind == 3:
        return "%r %s %s %s %s" % (value, value.hex(), attempt(value.as_integer_ratio), attempt(int, value), value == float(repr(value)))
    if kind == 4:
        text = "%%%s%s%s%s" % (r.choice(["", "", "-", "+", " ", "#", "0", "+#0"]), r.choice(["", "", "12", "40"]),
                               r.choice(["", ".0", ".1", ".3", ".17", ".25", ".55"]), r.choice("eEfFgGrsd"))
        return "%r %% %r %s" % (text, value, attempt(text.__mod__, value))
    if kind == 5:
        import math
        name = r.choice(["frexp", "modf", "ulp", "floor", "ceil", "trunc", "isfinite", "fabs"])
        return "%s(%r) %s" % (name, value, attempt(getattr(math, name), value))
    if kind == 6:
        other = float_from(r)
        name = r.choice(["__add__", "__sub__", "__mul__", "__truediv__", "__floordiv__", "__mod__", "__divmod__", "__lt__", "__eq__"])
        return "%s(%r, %r) %s" % (name, value, other, attempt(getattr(value, name), other))
    spec = specification(r)
    return "format(%r, %r) %s" % (value, spec, attempt(format, value, spec))
