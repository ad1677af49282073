# decimal: random operations in random contexts, with their flags.
from decimal import *
from fractions import Fraction

ROUNDINGS = [ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]
UNARY = ["abs", "plus", "minus", "exp", "ln", "log10", "logb", "sqrt", "normalize", "next_minus", "next_plus",
         "logical_invert", "to_integral_value", "to_integral_exact", "number_class", "to_sci_string", "to_eng_string",
         "is_normal", "is_subnormal", "copy_negate", "create_decimal", "hash", "int", "float", "str", "ratio", "tuple"]
BINARY = ["add", "subtract", "multiply", "divide", "divide_int", "remainder", "divmod", "remainder_near", "power",
          "compare", "compare_signal", "compare_total", "compare_total_mag", "max", "min", "max_mag", "min_mag",
          "next_toward", "quantize", "rotate", "shift", "scaleb", "same_quantum", "copy_sign", "logical_and",
          "logical_or", "logical_xor", "add", "subtract", "multiply", "divide", "power", "eq", "lt", "format"]


def number(r, ctx):
    kind = r.below(24)
    sign = r.choice(["", "", "-"])
    if kind == 0:
        return sign + r.choice(["Infinity", "NaN", "sNaN", "NaN123", "sNaN7", "NaN99999999999999999999999999999999999"])
    if kind == 1:
        return sign + r.choice(["0", "0E+5", "0E-7", "0E+999", "0E-999", "0.000"])
    if kind == 2:
        return str(r.below(30) - 15)
    if kind == 3:
        return "".join(r.choice("01") for _ in range(1 + r.below(12)))
    length = r.choice([1, 2, 3, 5, 8, 9, 10, 15, 18, 19, 27, 28, 29, 40, 60])
    shape = r.below(5)
    if shape == 0:
        digits = "9" * length
    elif shape == 1:
        digits = "1" + "0" * (length - 1)
    elif shape == 2:
        digits = "".join(r.choice("0123456789") for _ in range(length)) + r.choice(["5", "50", "500", "499", "501"])
    else:
        digits = "".join(r.choice("0123456789") for _ in range(length))
    exp = r.choice([0, 0, 0, -1, -2, 1, -length, -length + 1, -length - 1, r.below(20) - 10, r.below(120) - 60,
                    ctx.Emax - length, ctx.Emin - length, ctx.Emin, ctx.Etiny()])
    return "%s%sE%+d" % (sign, digits, exp)


def one(r):
    prec = r.choice([1, 2, 3, 5, 9, 16, 17, 28, 34, 50])
    small = r.below(3)
    ctx = Context(prec=prec, rounding=r.choice(ROUNDINGS), Emin=[-999999, -100, -9][small], Emax=[999999, 100, 9][small],
                  capitals=r.below(2), clamp=r.below(2), traps=[])
    a = Decimal(number(r, ctx))
    if r.below(2):
        name = r.choice(UNARY)
        shown = "%s %s" % (name, a)
        try:
            if name == "hash":
                # Hashes have fewer bits on 32-bit platforms.
                result = hash(a) == hash(Fraction(a)) if abs(a.adjusted()) < 500 and a.is_finite() else None
            elif name == "int":
                result = int(a) % (2**61 - 1) if a.adjusted() < 2000 else None
            elif name == "float":
                result = repr(float(a))
            elif name == "str":
                result = repr(a)
            elif name == "ratio":
                result = [n % (2**61 - 1) for n in a.as_integer_ratio()] if abs(a.adjusted()) < 500 else None
            elif name == "tuple":
                result = a.as_tuple()
            else:
                if name in ("exp", "ln", "log10") and abs(a.adjusted()) > 400:
                    a = Decimal((a.is_signed(), (1, 2, 3), -1))
                    shown += " -> %s" % a
                result = getattr(ctx, name)(a)
        except Exception as error:
            result = "%s %s" % (type(error).__name__, error)
    else:
        name = r.choice(BINARY)
        b = Decimal(number(r, ctx))
        if name in ("rotate", "shift", "scaleb") and r.below(4):
            b = Decimal(r.below(2 * prec + 2) - prec)
        if name == "quantize" and r.below(4):
            b = Decimal((0, (1,), r.below(40) - 20))
        shown = "%s %s %s" % (name, a, b)
        try:
            if name == "power":
                if not b._isinteger_() if hasattr(b, "_isinteger_") else b != b.to_integral_value():
                    # Directed rounding of inexact powers depends on how many digits more are computed.
                    ctx.rounding = ROUND_HALF_EVEN
                elif abs(b.adjusted()) > 5:
                    b = Decimal(r.below(200) - 100)
                    shown += " -> %s" % b
            if name == "eq":
                result = a == b
            elif name == "lt":
                result = a < b
            elif name == "format":
                setcontext(ctx)
                spec = "%s%s%s%s%s" % (r.choice(["", "<", ">", "=", "^", "*^", "x<"]), r.choice(["", "+", " ", "-"]),
                                       r.choice(["", "20", "5", "40"]), r.choice(["", ",", ".3", ".0", ".10", ",.2"]),
                                       r.choice(["", "e", "E", "f", "F", "g", "G", "%"]))
                shown += " " + spec
                result = format(a, spec) if abs(a.adjusted()) < 2000 and not a.is_nan() else None
            else:
                result = getattr(ctx, name)(a, b)
        except Exception as error:
            result = "%s %s" % (type(error).__name__, error)
    flags = [signal.__name__ for signal, flag in ctx.flags.items() if flag]
    return "%s %s %d %d %d: %s %s" % (shown, ctx.rounding, prec, ctx.Emax, ctx.clamp, result, flags)


def case(r):
    setcontext(Context(prec=28, traps=[]))
    return one(r)
