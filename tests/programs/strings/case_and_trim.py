s = "The Quick brown fox"
print(s.upper(), s.lower(), s.title(), s.swapcase(), s.capitalize(), s.casefold())
print("ß".upper(), "ß".casefold(), "İ".lower(), "ŉ".upper(), "ǆ".title(), "ΑΣ".lower(), "ﬁ".upper(), "they're bill's".title())
print("  x y ".strip() + "|", "  x ".lstrip() + "|", " x  ".rstrip() + "|", "xxhixx".strip("x"), "abcba".strip("ab"), "\t\n x\u3000".strip())
print("prefix-body".removeprefix("prefix-"), "body.py".removesuffix(".py"), "x".removeprefix("y"), "".removesuffix(""))
print("ab".center(7, "*"), "ab".center(8, "*"), "abc".center(6), "ab".ljust(5, ".") + "|", "ab".rjust(5) + "|", "42".zfill(5), "-42".zfill(5), "+4".zfill(1))
print("a\tbc\td".expandtabs(), "a\tb".expandtabs(4), "\ta\n\tb".expandtabs(2), "a\tb".expandtabs(0))
for name in ("isalpha", "isdigit", "isdecimal", "isnumeric", "isalnum", "isupper", "islower", "istitle", "isspace", "isprintable", "isidentifier", "isascii"):
    print(name, [getattr(t, name)() for t in ("", "abc", "ABC", "Abc", "12", "½", "²", "a1", " \t", "a b", "é", "\x00", "_x", "1x", "٣", "中")])
for bad in ('"a".center()', '"a".center("x")', '"a".center(5, "xy")', '"a".ljust(5, 3)', '"a".strip(3)', '"a".zfill()', '"a".removeprefix(1)', '"a".upper(1)', '"a".expandtabs("x")'):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
