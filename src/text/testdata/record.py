"""Prints what CPython 3.14 answers to the calls that the unit tests repeat.

    python3.14 record.py > records.txt

One call a line: a section, then fields between tabs. Text is written as it is from space to tilde, the rest and the
backslash as `\\hex;`. Bytes are written as Latin-1 text.
"""

import random

random.seed(1)


def field(value, mark_ints=False):
    if isinstance(value, (bytes, bytearray)):
        value = value.decode("latin-1")
    if value is None:
        return "None"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int):
        return f"#{value}" if mark_ints else str(value)
    if isinstance(value, dict):
        return "dict"
    if not isinstance(value, str):
        return str(value)
    return "".join(c if " " <= c <= "~" and c != "\\" else f"\\{ord(c):x};" for c in value)


def record(*fields):
    print("\t".join(field(value, fields[0] == "percent") for value in fields))


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
            for s in texts(alphabet, 1, longest):
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
        for s in texts(alphabet, 3, 14):
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


HANDLERS = "strict ignore replace backslashreplace xmlcharrefreplace namereplace surrogateescape surrogatepass".split()
UTF8 = [b"", b"abc", "a\xe9\u03b1\u20ac\U0001f600".encode(), b"\x80", b"a\xffb", b"\xc0\x80", b"\xc2", b"\xc2a", b"\xe0\x80\x80", b"\xe1\x80", b"\xe1\x80a",
        b"\xe1a", b"\xed\xa0\x80", b"\xed\xa0", b"\xed\xbf\xbfx", b"\xf0\x80\x80\x80", b"\xf0\x90\x80", b"\xf0\x90", b"\xf4\x90\x80\x80", b"\xf5\x80",
        b"\xf1\x80\x80\x41", b"\xe2\x82\xac\xe2\x82", b"\xef\xbb\xbfa", b"\xef\xbb", b"\xed\xb2\x80\x80"]  # fmt: skip
WIDE = [b"", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"a", b"\xff\xfea\0\0", b"\xfe\xff\0", b"\0\xd8", b"\0\xd8a\0", b"\0\xdca\0", b"\xd8\0",
        b"\xfe\xff\xdc\0\0a", b"\0\0\0\x11", b"\xff\xfe\0\0\0\xd8\0\0", b"\0\0\xfe\xff\0\0\xd8\0", b"\0\xd8\0\0", b"a\0\0\0b", b"\0\xd8\0", b"=\xd8\0\xdea\0",
        b"\xd8=\xde\0", b"\0\x11\0\0", b"\0\0\x11\0a\0\0\0", b"\xff\xff\xff\xff"]  # fmt: skip
ESCAPES = [rb"\ ", rb"\x", rb"\x1", rb"\x1g", rb"\x41b", rb"\u", rb"\u12", rb"\u12g", rb"\u1234", rb"\U", rb"\U0011", rb"\U00110000", rb"\U0010ffffx", rb"\N", rb"\N{",
           rb"\N{}", rb"\N{a", rb"\N{nope}", rb"a\N{EURO SIGN}b", rb"\Na", rb"\8", rb"\400", rb"\777", rb"\08", rb"\12", rb"\1", rb"\d\q", b"\\\nx", b"\\", b"\xe9\\xe",
           b"\\N{\xe9}", b"a\\", rb"\\u1234", rb"\\\u1234", rb"\a\b\t\n\v\f\r\'\""]  # fmt: skip
UTF7 = [b"+", b"+-", b"+AGE-", b"+AGE", b"+A", b"a+AGEb", b"+!", b"+AGE!", b"\xe9", b"+\xe9", b"+2D3eAA-", b"+2D0-", b"+2D0AYQ-", b"~\\", b"+AGEAYQBi", b"+AGEAYQB", b"+/", b"+AP///",
        b"+AGF-", b"+2D3eA-", b"+3gA-", b"a+-b", b"+AGE-+AGI-", b"+AGE-b", b"+AGE+-", b"++AGE-", b"+2D0", b"b+2D3e", b"+AGE\xe9a"]  # fmt: skip
BYTES = [b"", b"abc", b"a\x80\xffb", b"\x81\x8d", bytes(range(120, 260 - 4))]
STRINGS = ["", "abc", "\xe9\u20ac\u20ac\ud800", "\ud800\udc80", "\udc80\udcff\ud800x", "\udc80a\udc81", "ab\u0100\u0101c", "\udc80\u20ac\u20ac", "a\U0001f600\xe9", "\xff\xe9",
           "+a+\xe9b-\xe9-\xe9!", "~\\", "\t\n\r\x0b \0", "\xe9+", "\xe9/", "\u03b1\u03b2\u03b3", "\ud83d\ude00", "\\a'\"\x7f\x80"]  # fmt: skip
CODECS = {
    "utf-8": UTF8, "utf-8-sig": UTF8, "ascii": BYTES, "latin-1": BYTES, "cp1252": BYTES, "cp437": BYTES, "utf-16": WIDE, "utf-16-le": WIDE,
    "utf-16-be": WIDE, "utf-32": WIDE, "utf-32-le": WIDE, "utf-32-be": WIDE, "utf-7": UTF7, "unicode_escape": ESCAPES, "raw_unicode_escape": ESCAPES,
}  # fmt: skip


def codec():
    import codecs
    import encodings.cp437
    import encodings.cp1252
    import warnings

    warnings.simplefilter("ignore")
    record("charmap", "cp1252", "->", encodings.cp1252.decoding_table)
    record("charmap", "cp437", "->", encodings.cp437.decoding_table)

    def translate(section, codec, handler, value, function):
        try:
            result = function()
        except UnicodeError as error:
            record(section, codec, handler, value, "!", f"{error.encoding} {error.start} {error.end} {error.reason}")
        except TypeError as error:
            record(section, codec, handler, value, "!", str(error))
        else:
            record(section, codec, handler, value, "->", *(result if isinstance(result, tuple) else [result]))

    few = ["strict", "replace", "surrogateescape", "surrogatepass"]
    for name, inputs in CODECS.items():
        for value in inputs:
            for handler in HANDLERS if name == "utf-8" else few:
                translate("decode", name, handler, value, lambda: value.decode(name, handler))
        for text in STRINGS:
            for handler in few if name.startswith(("utf-16", "utf-32", "utf-7")) else HANDLERS:
                translate("encode", name, handler, text, lambda: text.encode(name, handler))
    for name in "utf_8 utf_16 utf_16_le utf_16_be utf_32 utf_7 unicode_escape raw_unicode_escape".split():
        for value in CODECS[name.replace("_", "-") if name.startswith("utf") else name]:
            for handler in ("strict", "surrogatepass"):
                translate("partial", name, handler, value, lambda: getattr(codecs, f"{name}_decode")(value, handler, False))


def escape():
    import codecs
    import warnings

    warnings.simplefilter("ignore")
    for b in [b"", b"a\\n", b"\\", b"a\\x", b"\\x1", b"\\x1g", b"\\x41", b"\\8", b"\\400", b"\\777", b"\\12", b"\\'\\\"\\a\\b\\f\\v\\t\\r\\\\", b"\\\nx", b"\\d", b"\xe9", b"ab\\xg\\x4"]:
        for handler in ("strict", "replace", "ignore"):
            try:
                record("unescape", handler, b, "->", codecs.escape_decode(b, handler)[0])
            except ValueError as error:
                record("unescape", handler, b, "!", str(error))
    record("escape", "bytes_between", bytes(range(256)), "->", codecs.escape_encode(bytes(range(256)))[0])
    samples = ["", "abc", "it's", 'say "hi"', "both ' and \"", "\\", "\t\n\r\x00\x1f\x7f\x80\x9f\xa0\xad\xe9", "\u0378\u03b1\u200b\u2028\ud800\ue000\ufeff", "\U0001f600\U000e0001\U0010ffff", "\x85'"]
    for s in [*samples, *texts("a'\"\\\n\xe9\xad\u03b1\u3000", 40, 6)]:
        record("escape", "repr", s, "->", repr(s))
        record("escape", "ascii", s, "->", ascii(s))
        b = s.encode("utf-8", "surrogatepass")
        record("escape", "bytes", b, "->", repr(b))


SPECS = ["", "s", "5", "<5", ">5", "^5", "^6", "=5", "+5", " 5", "-5", "z5", "#5", "05", "*<05", "d", "q", "5x", "5.2", ".2", ".", ".x", "5.,", "5,", "_", "5,_", "_,", "\u0665", "9" * 30,
         "." + "9" * 30, "5sd", "<<5", ">>5", "{<5", "\xe9<5", "5\u1234", "\x01", "sss", ".2s,", "s\n", "08", "^08", ".0", ".00", "\xe9", "5.2\xe9", "\U0001f600^8", "=", ",", "0=5", "+z#010,.3_f",
         ",,", "__", "x,", ",x", "_x", "_b", ",c", "_c", ",n", "_n", ".2,n", "._n", ".2,f", ".2__f", ".2,_f", ".,_f", ",\u1234", ",\x01", ",.8_%", "_d", "._g", "\x7f", ",\x7f"]  # fmt: skip
TEMPLATES = ["", "abc", "{", "}", "{{", "}}", "{}}", "{{}", "a{{b}}c{0}d", "{0}{}", "{}{0}", "{}{}", "{!r}", "{!", "{!}", "{!x}", "{!r", "{!rr}", "{!r:", "{!r:}", "{:{}}", "{:{:{}}}", "{:{:{:}}}", "{0.}", "{0..a}",
             "{0[}", "{0[]}", "{0[a}", "{0[a]b}", "{0[", "{0[a", "{0[" + "9" * 30 + "]}", "{a}", "{ }", "{0 }", "{00}", "{" + "9" * 30 + "}", "{-1}", "{b}", "{9}", "{0:{{}}}", "{0:{}}", "{:}}", "{0:}}", "{0:a{",
             "{0:a{0", "{0:a{0}", "{0[}]}", "{a{b}}", "{0!r }", "{0! r}", "{0!\u1234}", "{0!}", "{0!:}", "{:{1}}", "{0]}", "{0[a]]}", "abc{", "abc}", "{0", "{0:", "{0.", "{0!", "{0!r", "{a", "{\u0661}", "{!a:>8}x{!s}",
             "{0:>{1}}", "{a:\u03b1^{1}}|{0:.1}", "{:>5}{:<3}", "}{", "{a:{a}}", "\u03b1{0}\U0001f600", "{0!s:s}", "{!\x7f}", "{:{:}}", "{:a{{b}"]  # fmt: skip
NAMES = ["", "a", "0", "12", "a.b", "0.b[c].d", "0[1]", "[1]", ".a", "a.", "a..b", "a[", "a[]", "a[b", "a[b]c", "a[b].c", "a[-1]", "a[01]", "0" * 3, "9" * 30, "a[" + "9" * 30 + "]", "a b", "\u0661", "1a", "a[[]", "a]b",
         "a[b.c]", "a.b]", "a.1"]  # fmt: skip
PERCENTS = ["", "abc", "%s", "%%", "a%sb%%c", "%", "%5", "%5s|", "%-5s|", "%05s|", "%+s", "%.2s|", "%5.1s|", "%.s|", "%*s|", "%.*s|", "%-*s|", "%*.*s", "%(a)s", "%(a", "%(a)", "%(a(b)c)s", "%(a))s", "%()s", "%q", "%\u1234", "%hs",
            "%ls", "%Ls", "%hhs", "%s%s%s", "%r", "%a", "%5r|", "%c", "%5c|", "%" + "9" * 30 + "s", "%." + "9" * 30 + "s", "%.9999999999s", "% s", "%#s", "%-+ #0s", "%5%", "%-5%|", "%(a)%", "%\0", "\u03b1%s\U0001f600", "%s %", "%s%", "%s%q", "%(", "%(a)5"]  # fmt: skip


def formats():
    import _string

    for spec in SPECS:
        for value in ("abc", 5, 2.5):
            try:
                result = format(value, spec)
                record("spec", type(value).__name__, spec, "->", result)
            except ValueError as error:
                record("spec", type(value).__name__, spec, "!", str(error))
    for text in TEMPLATES:
        try:
            pieces = list(_string.formatter_parser(text))
            record("pieces", text, "->", *[item for piece in pieces for item in piece])
        except ValueError as error:
            record("pieces", text, "!", str(error))
        try:
            record("template", text, "->", text.format("5", "8", "q\xe9", a="12"))
        except ValueError as error:
            record("template", text, "!", str(error))
        except (KeyError, IndexError):
            record("template", text, "!", "missing")
        except (AttributeError, TypeError):
            record("template", text, "!", "accessor")
    for name in NAMES:
        try:
            first, rest = _string.formatter_field_name_split(name)
            steps = [item for step in rest for item in step]
            record("names", name, "->", type(first).__name__, first, *[x if isinstance(x, str) else int(x) for x in steps])
        except ValueError as error:
            record("names", name, "!", str(error))
    for text in PERCENTS:
        for value in ((), ("x",), ("x", "yz"), (4, "abc"), (-4, "\xe9"), {"a": "v", "": "e", "a(b)c": "n"}):
            if "%q" not in text or value != {}:
                try:
                    record("percent", text, *([value] if isinstance(value, dict) else value), "->", text % value)
                except (ValueError, TypeError, KeyError, OverflowError) as error:
                    record("percent", text, *([value] if isinstance(value, dict) else value), "!", f"{type(error).__name__}: {error}")


search()
case()
codec()
formats()
escape()
