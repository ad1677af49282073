"""Prints one checksum line per property over all code points; the test `all_code_points` computes the same ones.

    python3.14 verify.py > ../testdata/unicode.txt
"""

import unicodedata

MASK = (1 << 64) - 1


class Sum:
    """FNV-1a over the little-endian bytes of 32-bit words."""

    def __init__(self):
        self.value = 0xCBF29CE484222325

    def add(self, word):
        for byte in (word & 0xFFFFFFFF).to_bytes(4, "little"):
            self.value = (self.value ^ byte) * 0x100000001B3 & MASK


def flags(c):
    tests = [
        c.isalpha(), c.isalnum(), c.isdecimal(), c.isdigit(), c.isnumeric(), c.islower(), c.isupper(), c.istitle(),
        c.isspace(), c.isprintable(), c.isidentifier(), ("a" + c).isidentifier(),
    ]  # fmt: skip
    return sum(1 << i for i, test in enumerate(tests) if test)


def number(value):
    return 0xFFFFFFFF if value is None else value


sums = {name: Sum() for name in "category flags decimal digit numeric lower upper title fold context wide".split()}
for code in range(0x110000):
    c = chr(code)
    for letter in unicodedata.category(c):
        sums["category"].add(ord(letter))
    sums["flags"].add(flags(c))
    sums["decimal"].add(number(unicodedata.decimal(c, None)))
    sums["digit"].add(number(unicodedata.digit(c, None)))
    value = unicodedata.numeric(c, None)
    # Float to a whole number that tells all fractions apart that occur.
    sums["numeric"].add(number(None if value is None else round(value * 9600)))
    for name, mapped in (("lower", c.lower()), ("upper", c.upper()), ("title", c.title()), ("fold", c.casefold())):
        for m in mapped:
            sums[name].add(ord(m))
    for text in ((c + "\u03a3").lower(), ("A" + c + "\u03a3").lower(), (c + "a").title()):
        sums["context"].add(ord(text[-1]))
    sums["wide"].add(unicodedata.east_asian_width(c) in "WF")
for name, total in sums.items():
    print(name, f"{total.value:016x}")
