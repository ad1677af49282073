"""Prints checksums of what CPython 3.14 answers to random calls, in blocks of 100; the test `fuzz` makes the same ones.

    python3.14 fuzz.py > fuzz.txt
"""

import _string
import codecs
import warnings

warnings.simplefilter("ignore")
MASK = (1 << 64) - 1


class Random:
    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & MASK
        return (self.state >> 33) % n

    def text(self, alphabet, longest):
        return "".join(alphabet[self.below(len(alphabet))] for _ in range(self.below(longest + 1)))


class Sum:
    def __init__(self):
        self.value = 0xCBF29CE484222325

    def add(self, word):
        self.value = ((self.value ^ (word & 0xFFFFFFFF)) * 0x100000001B3) & MASK

    def text(self, text):
        if isinstance(text, (bytes, bytearray)):
            text = text.decode("latin-1")
        self.add(len(text))
        for c in text:
            self.add(ord(c))

    def error(self, error):
        if isinstance(error, UnicodeError):
            self.text(f"{error.encoding} {error.start} {error.end} {error.reason}")
        else:
            self.text("%c" if str(error).startswith("%c") else str(error))


HANDLERS = "strict ignore replace backslashreplace surrogateescape surrogatepass".split()
DECODERS = [
    ("utf_8", b"\x41\x7f\x80\x8f\x90\x9f\xa0\xbf\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5\xff"),
    ("ascii", b"abc\x7f\x80\xff"),
    ("utf_16", b"\x00\x00\x41\xd8\xdb\xdc\xdf\xe0\xfe\xff"),
    ("utf_16_le", b"\x00\x00\x41\xd8\xdb\xdc\xdf\xe0\xfe\xff"),
    ("utf_16_be", b"\x00\x00\x41\xd8\xdb\xdc\xdf\xe0\xfe\xff"),
    ("utf_32", b"\x00\x00\x00\x00\x00\x41\xd8\xdc\x10\x11\xfe\xff"),
    ("utf_32_be", b"\x00\x00\x00\x00\x00\x41\xd8\xdc\x10\x11\xfe\xff"),
    ("utf_7", b"++--/AZaz09AAQQ!~\\\xe9 2D3e"),
    ("unicode_escape", b"\\\\\\\\\\xuUNabt01789afg{}\"'\n\xe900"),
    ("raw_unicode_escape", b"\\\\\\\\xuUnab01789afg\xe900"),
]


def decoding(random, total):
    name, alphabet = DECODERS[random.below(len(DECODERS))]
    data = random.text(alphabet.decode("latin-1"), 12).encode("latin-1")
    handler = HANDLERS[random.below(len(HANDLERS))]
    final = random.below(3) > 0
    try:
        decode = getattr(codecs, f"{name}_decode")
        text, used = decode(data, handler) if name == "ascii" else decode(data, handler, final)
        total.text(text)
        total.add(used)
    except UnicodeError as error:
        total.error(error)


ENCODERS = "utf-8 ascii latin-1 utf-16 utf-16-le utf-16-be utf-32 utf-32-be utf-7 unicode_escape raw_unicode_escape".split()
POINTS = "\x00\t\n a+-~\\'/\x7f\x80\xe9\xff\u0100\u20ac\ud800\udbff\udc00\udc80\udcff\udfff\uffff\U00010000\U0010ffff"


def encoding(random, total):
    name = ENCODERS[random.below(len(ENCODERS))]
    text = random.text(POINTS, 10)
    handler = (HANDLERS + ["xmlcharrefreplace"])[random.below(len(HANDLERS) + 1)]
    try:
        total.text(text.encode(name, handler))
    except UnicodeError as error:
        total.error(error)


def representation(random, total):
    limit = (0x80, 0x100, 0x3000, 0x110000)[random.below(4)]
    text = "".join(chr(random.below(limit)) for _ in range(random.below(8)))
    total.text(repr(text))
    total.text(ascii(text))
    total.text(repr(text.encode("utf-16", "surrogatepass")[2:]))


CASED = "aAzZ\xdf\xe9\xc9\u0130\u0131\u0149\u01c4\u01c5\u01c6\u03a3\u03a3\u03c3\u03c2\u0345\u1e9e\u1f80\u1f88\ufb03\u2160\u24d0\u13a0\uab70\U00010400 .'\xad\u02b0\u0301"
METHODS = "lower upper title capitalize swapcase casefold".split()
TESTS = "isalpha isalnum isdecimal isdigit isnumeric islower isupper istitle isspace isprintable isidentifier".split()


def case(random, total):
    text = random.text(CASED if random.below(3) else "aAbB .'1_", 8)
    for method in METHODS:
        total.text(getattr(text, method)())
    for test in TESTS:
        total.add(getattr(text, test)())


LETTERS = ["ab", "ab\xe9", "a\u03b1b", "a\U0001f600b", "a \n\r\t\u2003\x1c\x85", "aaaaaaaab"]


def search(random, total):
    alphabet = LETTERS[random.below(len(LETTERS))]
    text = random.text(alphabet, (8, 40, 200)[random.below(3)])
    needle = random.text(alphabet, (1, 3, 9)[random.below(3)])
    start, stop = random.below(20) - 10, random.below(60) - 10
    for method in ("find", "rfind", "count", "startswith", "endswith"):
        total.add(getattr(text, method)(needle, start, stop))
    most = random.below(4) - 1
    total.text(text.replace(needle, random.text(alphabet, 3), most))
    if needle:
        for parts in (text.split(needle, most), text.rsplit(needle, most), text.partition(needle), text.rpartition(needle)):
            for part in parts:
                total.text(part)
    for parts in (text.split(None, most), text.rsplit(None, most), text.splitlines(), text.splitlines(True)):
        for part in parts:
            total.text(part)
    for method in ("strip", "lstrip", "rstrip"):
        total.text(getattr(text, method)())
        total.text(getattr(text, method)(needle))
    total.text(text.expandtabs(random.below(9)))
    total.text(text.center(random.below(20), "*"))
    total.text(text.zfill(random.below(20)))
    step = random.below(7) - 3 or 1
    total.text(text[::step])


def specification(random, total):
    spec = random.text("<>=^+- z#0019,_..sdx\u0661\u03b1", 7)
    for value in ("abc", 5, 2.5):
        try:
            result = format(value, spec)
            if value == "abc":
                total.text(result)
        except ValueError as error:
            # Of numbers, only what the specification by itself is wrong about.
            message = str(error)
            if value == "abc" or message.startswith(("Cannot", "Invalid", "Format", "Too")):
                total.error(error)


def template(random, total):
    text = random.text("{{}}[].!:ra01 \u03b1", 10)
    try:
        for literal, name, spec, conversion in _string.formatter_parser(text):
            total.text(literal)
            for item in (name, spec, conversion):
                total.text("None" if item is None else item)
    except ValueError as error:
        total.error(error)
    name = random.text("[].a01\u0661", 6)
    try:
        first, rest = _string.formatter_field_name_split(name)
        total.text(str(first))
        for is_attribute, key in rest:
            total.add(bool(is_attribute))
            total.text(str(key))
    except ValueError as error:
        total.error(error)


def percent(random, total):
    text = random.text("%%%()*.-+ #012hlLsraq\u03b1", 7)
    try:
        total.text(text % ("x", "yz"))
    except (ValueError, TypeError) as error:
        total.text(type(error).__name__)
        total.error(error)


for area in (decoding, encoding, representation, case, search, specification, template, percent):
    random = Random(len(area.__name__))
    for block in range(40):
        total = Sum()
        for _ in range(100):
            area(random, total)
        print(area.__name__, block, f"{total.value:016x}")
