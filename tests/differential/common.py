# What the topics of the differential tests share: a generator of numbers that is the same everywhere, and the driver.
#
# A case is a function of its number alone, so that any of them can be run again by itself. In the first pass a line is a digest of
# 500 cases; where the digests differ, the cases of that line are shown.

LINE = 500


class Random:
    def __init__(self, seed):
        self.state = (seed * 0x9E3779B97F4A7C15 + 0x1234567) & 0xFFFFFFFFFFFFFFFF
        self.below(2)

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        return (self.state >> 33) % n

    def between(self, low, high):
        return low + self.big(high - low + 1)

    def big(self, n):
        bits = n.bit_length() + 31
        value = 0
        while bits > 0:
            value = value << 31 | self.below(1 << 31)
            bits -= 31
        return value % n

    def choice(self, items):
        return items[self.below(len(items))]

    def text(self, letters, longest):
        return "".join([self.choice(letters) for _ in range(self.below(longest + 1))])

    def flip(self):
        return self.below(2) == 1


def float_from(r):
    """A float of any kind: all bits, decimal texts, near powers of two and ten, small integers."""
    import struct
    kind = r.below(10)
    if kind < 3:
        value = struct.unpack("<d", struct.pack("<Q", r.big(1 << 64)))[0]
        # A NaN's other bits are its identity here.
        return value if value == value else float("nan")
    if kind == 3:
        return float(r.below(2000) - 1000) / r.choice([1, 2, 4, 8, 10, 100, 1000, 3, 7])
    if kind == 4:
        return r.choice([0.0, -0.0, float("inf"), float("-inf"), float("nan"), 5e-324, -5e-324, 2.2250738585072014e-308,
                         1.7976931348623157e308, 1e16, 1e22, 1e23, 0.1, 0.5, 1.5, 2.5, 9007199254740993.0, 123456789012345.6])
    if kind == 5:
        return float("%s%d.%de%d" % (r.choice(["", "-"]), r.below(10), r.below(10 ** (1 + r.below(16))), r.below(40) - 20))
    if kind == 6:
        return float("%s%d.%de%d" % (r.choice(["", "-"]), r.below(10), r.big(10 ** (1 + r.below(25))), r.below(640) - 330))
    if kind == 7:
        import math
        value = math.ldexp(1.0, r.below(2098) - 1074)
        return r.choice([value, math.nextafter(value, 0.0), math.nextafter(value, math.inf), -value])
    if kind == 8:
        return float("1e%d" % (r.below(632) - 323)) * r.choice([1, -1])
    return r.below(10 ** (1 + r.below(9))) / 10 ** r.below(12)


def integer_from(r, most_bits=400):
    kind = r.below(8)
    if kind == 0:
        return r.below(41) - 20
    bits = 1 + r.below(r.choice([8, 31, 33, 63, 65, 130, most_bits]))
    value = r.big(1 << bits)
    if kind == 1:
        value = 1 << bits
    elif kind == 2:
        value = (1 << bits) - 1
    elif kind == 3:
        value = 10 ** (bits * 3 // 10)
    return -value if r.flip() else value


def attempt(function, *args):
    """A result as text, or the error."""
    try:
        return repr(function(*args))
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


def run(case, seed, first, last, shown):
    digest = 0
    for number in range(first, last):
        text = case(Random(seed + number))
        if shown:
            print(number, ascii(text))
            continue
        for code in text.encode("utf-8", "surrogatepass"):
            digest = (digest * 131 + code) & 0xFFFFFFFFFFFFF
        if number % LINE == LINE - 1:
            print(number + 1, digest)
            digest = 0
