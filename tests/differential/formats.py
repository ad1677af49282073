# Formatting: format() of str, int, float, complex and bool; str.format with fields; printf of str and bytes; f-strings' conversions.

def value_from(r):
    kind = r.below(8)
    if kind == 0:
        return float_from(r)
    if kind == 1:
        return integer_from(r, 90)
    if kind == 2:
        return r.flip()
    if kind == 3:
        return complex(float_from(r), float_from(r))
    if kind == 4:
        return r.choice([None, b"bytes\xff", (1, "two"), [1.5], {"k": 2}, bytearray(b"x")])
    if kind == 5:
        return r.below(2000) - 1000
    return r.text("ab\u00e9\u4e2d\U0001f600' \"\\{}%", 8)


def specification(r):
    return "%s%s%s%s%s%s%s%s" % (
        r.choice(["", "", "<", ">", "=", "^", "*^", "\u00e9<", "{>", "0="]), r.choice(["", "", "+", " ", "-"]), r.choice(["", "", "", "z"]),
        r.choice(["", "", "", "#"]), r.choice(["", "", "0", "12", "030"]), r.choice(["", "", "", ",", "_", ",_"]),
        r.choice(["", "", ".0", ".1", ".3", ".10", ".17", ".", ".2,"]),
        r.choice(["", "", "b", "c", "d", "e", "E", "f", "F", "g", "G", "n", "o", "s", "x", "X", "%", "q", "dd"]))


class Thing:
    name = "thing"
    items = [10, {"a": "deep"}]

    def __format__(self, spec):
        return "<%s>" % spec

    def __repr__(self):
        return "Thing\u00e9"


def template(r):
    pieces = []
    for _ in range(r.below(4)):
        pieces.append(r.choice(["", "x", "{{", "}}", "\u00e9", "{", "}"]) if r.below(3) else "text")
        field = r.choice(["", "", "0", "1", "2", "9", "t", "k", "missing", "t.name", "t.items[0]", "t.items[1][a]", "0[0]", "t.none", "[", "t[",
                          "-1", "0.real", "t.items[x]", "t.", "t..x", "1[", "t.items[5]"])
        conversion = r.choice(["", "", "", "!r", "!s", "!a", "!x", "!", "!rr"])
        spec = r.choice(["", "", ":", ":" + specification(r), ":>{1}", ":{0}", ":{t.name}", ":{{}}"])
        pieces.append("{%s%s%s}" % (field, conversion, spec))
    return "".join(pieces)


def narrow(value):
    """The value, or another one where it would be a width beyond 32 bits, as which it may be used."""
    run = 0
    for letter in str(value):
        run = run + 1 if letter.isdigit() else 0
        if run > 8:
            return 12
    return value


def case(r):
    kind = r.below(5)
    if kind < 2:
        value, spec = value_from(r), specification(r)
        if spec.endswith("c") and isinstance(value, int) and abs(value) > 0x7FFFFFFF:
            # A C long has 32 bits there.
            value %= 0x7FFFFFFF
        return "format(%r, %r) %s" % (value, spec, attempt(format, value, spec))
    if kind == 2:
        text, first, second = template(r), narrow(value_from(r)), narrow(value_from(r))
        return "%r.format(%r, %r) %s" % (text, first, second, attempt(lambda: text.format(first, second, t=Thing(), k="key")))
    conversion = "%%%s%s%s%s%s%s" % (
        r.choice(["", "", "", "(k)"]), r.choice(["", "", "-", "+", " ", "#", "0", "-+", "0#"]), r.choice(["", "", "5", "12", "*"]),
        r.choice(["", "", ".0", ".2", ".*", ".12", "."]), r.choice(["", "", "", "l", "h"]), r.choice("diouxXeEfFgGcrsa%qb"))
    value = value_from(r)
    args = value
    if "*" in conversion:
        args = tuple([r.below(20) - 5 for _ in range(conversion.count("*"))] + [value])
    elif "(k)" in conversion:
        args = {"k": value} if r.below(5) else value
    elif r.flip():
        args = r.choice([(value,), (value, 1), ()]) if r.below(4) == 0 else (value,)
    text = r.choice(["", "a"]) + conversion + r.choice(["", "b", "%%", "%"])
    if kind == 3:
        return "%r %% %r %s" % (text, args, attempt(lambda: text % args))
    data = text.encode()
    return "%r %% %r %s" % (data, args, attempt(lambda: data % args))
