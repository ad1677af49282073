"""Records how CPython 3.14 writes, reads and calculates numbers, for tests/text.rs and tests/arithmetic.rs. Lines of words:
kind, arguments, result; floats as 16 hexadecimal digits, integers in hexadecimal, text with \\uXXXX for odd characters.

Run with any CPython 3.14: python record_text.py > data/text.txt
"""
import random
import struct

COUNT = 30
rng = random.Random(42)


def bits(x):
    return "%016x" % struct.unpack("<Q", struct.pack("<d", x))[0] if x == x else "nan"


def escape(text):
    return "".join(c if "!" <= c <= "~" and c != "\\" else "\\u%04x" % ord(c) for c in text) or "\\e"


def attempt(show, f, *args):
    try:
        return show(f(*args))
    except (ValueError, TypeError) as error:
        return "E" if type(error) is ValueError else "T"
    except OverflowError:
        return "O"
    except ZeroDivisionError:
        return "Z"


def any_float():
    return struct.unpack("<d", struct.pack("<Q", rng.getrandbits(64)))[0]


def some_float():
    kind = rng.randrange(6)
    if kind == 0:
        return any_float()
    if kind == 1:
        return round(rng.uniform(-1000, 1000), rng.randint(0, 5))
    if kind == 2:
        return rng.randint(-10**rng.randint(1, 18), 10**rng.randint(1, 18)) / 2**rng.randint(0, 8)
    if kind == 3:
        return rng.uniform(-1, 1) * 10.0**rng.randint(-20, 20)
    if kind == 4:
        return 10.0**rng.randint(-25, 25) * rng.choice((1, -1, 9.5, 0.5))
    return rng.choice(SPECIAL)


SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.1, 1e16, 9999999999999998.0, 1e15, 123456789012345680.0, 1e-4, 0.00001, 1e22, 1e23, 5e-324, 2.5,
           3.5, 0.5, 1.5, 2.675, 1.005, 1e300, 1.7976931348623157e308, 2.2250738585072014e-308, float("inf"), -float("inf"),
           float("nan"), 0.3, 1 / 3, 100.0, 1e100, 999999.5, 9999995.0, 0.00009999995, 12345.678, -1234567.891]


def some_int():
    return rng.choice((rng.randint(-20, 20), rng.randint(-10**6, 10**6), rng.getrandbits(rng.choice((30, 63, 64, 65, 200, 1100))),
                       -rng.getrandbits(rng.choice((30, 64, 70, 300))), 1 << rng.randint(0, 200), (1 << rng.randint(0, 200)) - 1,
                       -(1 << rng.randint(0, 200))))


def number(a):
    return "%x" % a


# --- text to number and back
for x in SPECIAL + [some_float() for _ in range(COUNT * 8)] + [any_float() for _ in range(COUNT * 8)]:
    print("repr", bits(x), repr(x))
    print("hex", bits(x), x.hex())
TEXTS = ["", " ", "1", " 1.5 ", "+1", "-1", "--1", "1_000", "1__0", "_1", "1_", "1_.5", "1._5", "1.5_5", "1e5", "1e", "1e+", "1e-5",
         "1_0e1_0", "1e_5", ".5", "5.", ".", "e5", ".e5", "inf", "-INF", "+Infinity", "infinit", "nan", "-NaN", "nan(1)", "0x10", "1e400",
         "-1e400", "1e-400", "1.7976931348623159e308", "1 2", "1\t", "\n1\r", "\x1c1\x1f", "1\x00", "0.1e1.5", "1j", "j", "-j", "+J",
         "1+j", "1-j", "1+2j", "1 + 2j", " ( 1+2j ) ", "(1+2j", "1+2j)", "()", "((1j))", "1e5j", "1+-2j", "1-+2j", "infj", "nan+infj", "inf-nanj",
         "1_0+2_0j", "1+2_j", "2j+1", "1+2", "1.5e3-.5j", "+1.e1+1.j", "(j)", "\x0bj", "1jj", "1+2jx", "0b1", "9007199254740993",
         "2.4703282292062327e-324", "2.4703282292062328e-324", "0." + "0" * 400 + "1e401", "123456789" * 12]
for text in TEXTS + [repr(some_float()) for _ in range(COUNT)] + [repr(complex(some_float(), some_float())) for _ in range(COUNT)]:
    print("float", escape(text), attempt(bits, float, text))
    print("complex", escape(text), attempt(lambda z: bits(z.real) + "," + bits(z.imag), complex, text))
HEXES = ["", "0x", "1", "0x1", "0x1.8", "0x1.8p1", "-0x1.8P+3", "0x.8", "0x1.", ".", "p1", "0x1p", "0x1p+", "0x1p1024", "-0x1p1023", "0x1p-1074",
         "0x1p-1075", "0x1.8p-1075", "0x1.0000000000000800p0", "0x1.00000000000008p0", "0x1.00000000000018p0", "0x1.000000000000080001p0",
         "0x0p99999999999999999", "0x1p99999999999999999", "0x1p-99999999999999999", "inf", "-inf", "nan", "infinity", " 0x1 ", "0x1 2", "1g",
         "0x1.fffffffffffff8p1023", "0x1.fffffffffffff7fffp1023", "0x0.0000000000001p-1022", "0xfffffffffffffffffffffffffffff", "0x1_0", "+0x.1p4",
         "0x0.0000000000000000000000000000001p200"]
for text in HEXES + [some_float().hex() for _ in range(COUNT)]:
    print("fromhex", escape(text), attempt(bits, float.fromhex, text))
INTS = ["\x1c1", "", "0", "-0", "+5", " 12 ", "1_000", "1__0", "_1", "1_", "0x1f", "0X1F", "0o17", "0b101", "0b", "0x", "0x_1", "0x__1", "010", "00", "0_0",
        "0_7", "-0x10", "+0b1", "- 1", "1.0", "z", "Z", "zz_Z", "12a", "0b12", "0o8", "0xg", "9" * 40, "\t7\n", "1 2", "--1", "0b_1", "0_b1", "1e5"]
for text in INTS:
    for base in (0, 2, 3, 8, 10, 16, 36):
        print("int", escape(text), base, attempt(number, int, text, base))
for _ in range(COUNT):
    a = rng.getrandbits(rng.choice((10, 100, 3000)))
    print("str", number(a), a)
    print("int", str(a), 10, number(a))

# --- format specifications
TYPES_FLOAT = ["", "e", "E", "f", "F", "g", "G", "%", "n"]
TYPES_INT = ["", "d", "b", "o", "x", "X", "n", "e", "f", "g", "%"]


def spec(types, precision=True, zero=True, fractional=True):
    kind = rng.choice(types)
    parts = []
    if rng.random() < 0.4:
        parts.append(rng.choice(("", "*", "0", "x")) + rng.choice("<>=^"))
    parts.append(rng.choice(("", "", "+", "-", " ")))
    parts.append(rng.choice(("", "", "", "z")))
    parts.append(rng.choice(("", "", "#")))
    parts.append("0" if zero and rng.random() < 0.3 else "")
    parts.append(str(rng.randint(1, 30)) if rng.random() < 0.6 else "")
    parts.append(rng.choice(("", "", ",", "_")))
    if precision and rng.random() < 0.6:
        parts.append("." + str(rng.choice((0, 1, 2, 3, 6, 10, 17, 25))))
        if fractional and rng.random() < 0.3:
            parts.append(rng.choice(",_"))
    return "".join(parts) + kind


for _ in range(COUNT * 12):
    x, s = some_float(), spec(TYPES_FLOAT)
    print("fmtf", bits(x), escape(s), attempt(escape, format, x, s))
for _ in range(COUNT * 8):
    a, s = some_int(), spec(TYPES_INT, precision=rng.random() < 0.3)
    if abs(a) < 10**300:
        print("fmti", number(a), escape(s), attempt(escape, format, a, s))
for _ in range(COUNT * 5):
    x, y, s = some_float(), some_float(), spec(TYPES_FLOAT[:-2] + ["n"])
    print("fmtc", bits(x), bits(y), escape(s), attempt(escape, format, complex(x, y), s))
    print("reprc", bits(x), bits(y), escape(repr(complex(x, y))))
for x in (0.1, 1 / 3, 1e22, 5e-324, 1.7976931348623157e308, 123456.789):
    for s in (".55f", ".60e", ".70g", "#.30g", ".400f", ".800e", ".1100f", ".17%", "020.3f", "030,.2f", "+.0f", "#.0f", "#.0e"):
        print("fmtf", bits(x), escape(s), attempt(escape, format, x, s))
for width in range(1, 16):
    for a in (1, 12, 123, 1234, -1234567):
        for s in ("0%d,", "0%d_x", "#0%d_b", "+0%d,d", " 0%d_d"):
            print("fmti", number(a), s.replace("%d", str(width)).replace(" ", "\\u0020"), escape(format(a, s % width)))
for _ in range(COUNT * 8):
    flags = "".join(c for c in "-+ 0#" if rng.random() < 0.3)
    width = str(rng.randint(1, 20)) if rng.random() < 0.6 else ""
    precision = "." + str(rng.choice((0, 1, 2, 5, 12, 20))) if rng.random() < 0.5 else ""
    a, x = some_int(), some_float()
    s = "%" + flags + width + precision + rng.choice("dioxXu")
    print("pcti", number(a), escape(s), escape(s % a))
    s = "%" + flags + width + precision + rng.choice("eEfFgG")
    print("pctf", bits(x), escape(s), escape(s % x))

# --- arithmetic
for x in SPECIAL + [some_float() for _ in range(COUNT * 6)]:
    n = rng.randint(-25, 25) if rng.random() < 0.9 else rng.choice((-308, -309, 308, 320, 323, 324, 400))
    print("round", bits(x), n, attempt(bits, round, x, n))
    print("ratio", bits(x), attempt(lambda r: number(r[0]) + "/" + number(r[1]), x.as_integer_ratio))
    print("is_integer", bits(x), x.is_integer())
pairs = [(x, y) for x in SPECIAL[:12] + SPECIAL[21:26] for y in SPECIAL[:12] + SPECIAL[21:26]]
for x, y in pairs + [(some_float(), some_float()) for _ in range(COUNT * 4)] + [(rng.uniform(-100, 100), rng.uniform(-9, 9)) for _ in range(COUNT)]:
    print("divmod", bits(x), bits(y), attempt(lambda r: bits(r[0]) + "," + bits(r[1]), divmod, x, y))
    print("pow", bits(x), bits(y), attempt(lambda r: "C" if isinstance(r, complex) else bits(r), pow, x, y))


def parts(z):
    return bits(z.real) + "," + bits(z.imag)


EDGE = [0.0, -0.0, 1.0, -2.5, float("inf"), -float("inf"), float("nan"), 1e200]
for _ in range(COUNT * 12):
    if rng.random() < 0.5:
        a, b, c, d = (rng.choice(EDGE) for _ in range(4))
    else:
        a, b, c, d = (rng.choice((some_float, lambda: rng.uniform(-5, 5)))() for _ in range(4))
    z, w = complex(a, b), complex(c, d)
    print("cmul", bits(a), bits(b), bits(c), bits(d), parts(z * w))
    print("cdiv", bits(a), bits(b), bits(c), bits(d), attempt(parts, lambda: z / w))
    print("rdiv", bits(a), bits(c), bits(d), attempt(parts, lambda: a / w))
    print("divr", bits(a), bits(b), bits(c), attempt(parts, lambda: z / c))
    print("cabs", bits(a), bits(b), attempt(bits, abs, z))
for _ in range(COUNT * 6):
    a, b = rng.uniform(-5, 5), rng.choice((0.0, rng.uniform(-5, 5)))
    c, d = rng.choice((rng.uniform(-5, 5), float(rng.randint(-12, 12)), float(rng.randint(-150, 150)))), rng.choice((0.0, 0.0, rng.uniform(-5, 5)))
    if rng.random() < 0.1:
        a, b, c, d = (rng.choice(EDGE) for _ in range(4))
    print("cpow", bits(a), bits(b), bits(c), bits(d), attempt(parts, lambda: complex(a, b) ** complex(c, d)))

for _ in range(COUNT * 5):
    a, b = some_int(), some_int()
    print("idivmod", number(a), number(b), attempt(lambda r: number(r[0]) + "," + number(r[1]), divmod, a, b))
    print("truediv", number(a), number(b), attempt(bits, lambda: a / b))
    k = rng.randint(1, 1100)
    wide = (rng.getrandbits(60) << k) + rng.choice((-1, 0, 1))
    print("truediv", number(wide), number(b), attempt(bits, lambda: wide / b))
    print("truediv", number(b), number(wide), attempt(bits, lambda: b / wide))
    print("tofloat", number(wide), attempt(bits, float, wide))
    n = rng.randint(1, 25)
    a5 = a * 5 * 10 ** rng.randint(0, 5)
    print("iround", number(a5), n, number(round(a5, -n)))
    print("bits", number(a), a.bit_length(), a.bit_count())
    m, e = some_int(), rng.randint(-30, 60)
    print("powmod", number(a), number(e), number(m), attempt(number, pow, a, e, m))
    length, order, signed = rng.randint(0, 12), rng.choice(("little", "big")), rng.random() < 0.5
    small = rng.choice((a, rng.getrandbits(length * 8), -rng.getrandbits(max(length * 8 - 1, 1)), -(1 << max(length * 8 - 1, 0))))
    print("tobytes", number(small), length, order, signed, attempt(lambda r: r.hex() or "-", lambda: small.to_bytes(length, order, signed=signed)))
    data = rng.randbytes(length)
    print("frombytes", data.hex() or "-", order, signed, number(int.from_bytes(data, order, signed=signed)))
    shift = rng.randint(0, 130)
    print("shifts", number(a), shift, number(a << shift), number(a >> shift))
    x = rng.choice((float(a) if abs(a) < 1 << 1000 else 1.5, some_float(), a // 2 + 0.5 if abs(a) < 1 << 1000 else 0.0))
    print("compare", number(a), bits(x), "<" if a < x else ">" if a > x else "=" if a == x else "?")
