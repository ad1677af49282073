"""Prints what CPython 3.14 answers to the calls that the unit tests repeat.

    python3.14 record.py > records.txt

One call a line: a section, then fields between tabs. Text is written as it is from space to tilde, the rest and the
backslash as `\\hex;`. Bytes are written as Latin-1 text.
"""

import random

random.seed(1)


def field(value):
    if isinstance(value, (bytes, bytearray)):
        value = value.decode("latin-1")
    if value is None:
        return "None"
    if isinstance(value, bool):
        return str(int(value))
    if not isinstance(value, str):
        return str(value)
    return "".join(c if " " <= c <= "~" and c != "\\" else f"\\{ord(c):x};" for c in value)


def record(*fields):
    print("\t".join(map(field, fields)))


def call(section, name, self, args):
    """section, kind, method, self, arguments, "->", results; an error is "!" and its message."""
    kind = "s" if isinstance(self, str) else "b"
    try:
        result = getattr(self, name)(*args)
    except Exception as error:
        record(section, kind, name, self, *args, "!", f"{type(error).__name__}: {error}")
        return
    if not isinstance(result, (list, tuple)):
        result = [result]
    record(section, kind, name, self, *args, "->", *result)


def texts(alphabet, count, longest):
    return ["".join(random.choices(alphabet, k=random.randint(0, longest))) for _ in range(count)]


def both(section, name, self, *args):
    """The call on str and, where everything is Latin-1, on bytes."""
    call(section, name, self, args)
    try:
        byte_args = [arg.encode("latin-1") if isinstance(arg, str) else arg for arg in args]
        byte_self = self.encode("latin-1")
    except UnicodeEncodeError:
        return
    call(section, name, byte_self, byte_args)


ALPHABETS = ["ab", "ab\xe9", "a\u03b1", "a\U0001f600b", "ab \t\n"]


def search():
    for alphabet in ALPHABETS:
        for longest, needle_longest in ((6, 2), (25, 3), (90, 4)):
            for s in texts(alphabet, 3, longest):
                for sub in [*texts(alphabet, 1, needle_longest), s[-4:], "b"]:
                    start, stop = random.randint(-8, 8), random.choice([1000, 1000, random.randint(-8, 40)])
                    for name in "find rfind count startswith endswith".split():
                        both("search", name, s, sub, start, stop)
                    both("search", "replace", s, sub, random.choice(["", "b", "xyz", "\u03b1", "\xe9"]), random.choice([-1, 0, 1, 2]))
                    if sub:
                        n = random.choice([-1, 0, 1, 2])
                        both("search", "split", s, sub, n)
                        both("search", "rsplit", s, sub, n)
                        both("search", "partition", s, sub)
                        both("search", "rpartition", s, sub)
                    both("search", "removeprefix", s, sub)
                    both("search", "removesuffix", s, sub)
    spaces = "ab \t\n\r\x0b\x0c\x1c\x1f\x85\xa0"
    for alphabet in (spaces, spaces + "\u2003\u2028", "a b  ", "a\u3000\U0001f600\r\n"):
        for s in texts(alphabet, 6, 14):
            for n in (-1, 0, 1, 2):
                both("search", "split", s, None, n)
                both("search", "rsplit", s, None, n)
            both("search", "splitlines", s, 0)
            both("search", "splitlines", s, 1)
            for name in "strip lstrip rstrip".split():
                both("search", name, s)
                both("search", name, s, random.choice(["a", "ab ", "\t\n\xa0 \u2003", ""]))
            both("search", "expandtabs", s, random.choice([8, 4, 1, 0, -1]))
    for s in ["", "a", "-1", "+12", "--5", "\u03b1", "-\u03b1\u03b2", "abc", "abcd"]:
        for width in (-1, 0, 2, 3, 4, 5, 8):
            both("search", "zfill", s, width)
            for name in "center ljust rjust".split():
                both("search", name, s, width, "*")
                call("search", name, s, (width, "\u20ac"))
    for sep in ("", ",", "\u03b1", "--"):
        for parts in ([], [""], ["a"], ["a", "b"], ["\xe9", "", "x"], ["\U0001f600", "ab"]):
            record("search", "s", "join", sep, *parts, "->", sep.join(parts))
    for size in range(8):
        for group in (-3, -2, -1, 1, 2, 3, 10):
            record("search", "b", "hex", bytes(range(65, 65 + size)), ":", group, "->", bytes(range(65, 65 + size)).hex(":", group))


CASED = ["", "abc", "ABC def", "they're bill's 3rd", "\xdf stra\xdfe", "\ufb01x \ufb03", "\u01c5ungla \u01c4 \u01c6", "\u0130stanbul \u0131",
         "\u03a3\u03a3", "\u03bf\u03b4\u03bf\u03c3 \u039f\u0394\u039f\u03a3.", "\u039f\u03a3\xad", "A\u03a3'\u0301B", "\u1e9e\u0149\u1f80\u1ff3", "\U00010400\U00010428",
         "\u13a0\uab70", "x1\xb2\u0664\u2168\u2178\xbd", "\u00aa\u02b0\u2170", "a_b", "_", "1a", "\u212e\u2118", "Aa A", "Aa\u01c5", "\x00", "\xa0 ", "\ud800"]  # fmt: skip


def case():
    names = "lower upper title capitalize swapcase casefold".split()
    names += "isalpha isalnum isdecimal isdigit isnumeric islower isupper istitle isspace isprintable isidentifier isascii".split()
    for s in [*CASED, *texts("aA\u03a3.\xdf\u01c5 1", 40, 6)]:
        for name in names:
            if hasattr(bytes, name):
                both("case", name, s)
            else:
                call("case", name, s, ())


search()
case()
