"""Errors of str methods and operators."""


def t(source):
    print(source, "->", end=" ")
    try:
        print(repr(eval(source)))
    except BaseException as error:
        print(type(error).__name__, error)


def one(a, b):
    return a is b


class A:
    def __format__(self, spec):
        return 1


class S(str):
    pass


class T(str):
    def __str__(self):
        return "T!"


class I:
    def __index__(self):
        return 1


for line in """format(A())
"{:x}".format(A())
format(1, 2)
(1).__format__(3)
"a".__format__(3)
chr("a")
chr(-1)
chr(0x110000)
ord("ab")
ord(1)
ord(b"a")
ord("")
"a" + 1
1 in "a"
"a"[1]
"abc"[I()]
"abc"[I():]
"abc"[::-1]
"abcdef"[4:1:-2]
"abc"[5:]
"a"[2**100]
"a" * 1.5
"a" * -1
I() * "ab"
"ab" * I()
str(1, 2, 3, 4)
str(b"a", 1)
str(1, "a")
str("a", "a")
str(b"\\xff", "utf-8")
str(b"\\xff", errors="ignore")
str(b"\\xff", errors="foo")
str(b"ab", errors="foo")
str(b"\\xff", "foo")
str(object=3)
str(foo=3)
str(3, object=3)
str(errors="x")
str()
str(memoryview(b"abc"), "utf8")
str.__new__(int)
str.__new__()
str.__new__(3)
type(S("x")), S("x") == "x", type(S("x").strip()), type(S("x") + ""), type(str(S("x")))
S("x"), str(T("x")), f"{T('x')}", format(T("x")), "%s" % T("x"), "{}".format(T("x")), T("x") + "y", type(S(T("x")))
S(1.5), S(b"x", "ascii"), S()
hash(S("abc")) == hash("abc"), {"abc": 1}[S("abc")]
"".join([1])
"".join(1)
"-".join("abc"), "-".join({"a": 1, "b": 2}), "-".join(str(i) for i in range(3)), "-".join([]), "-".join([S("x")])
"".join(["a", b"b"])
"a".split("")
"a".split(1)
"a".partition("")
"a".partition(1)
"a".find(1)
"a".find("a", "b")
"abc".find("c", -1), "abc".find("", 3), "abc".find("", 4), "abc".count("", 1), "abc".rfind("", 0, 2)
"a".index("b")
"a".rindex("b")
"a".startswith(1)
"a".startswith((1,))
"a".endswith(["a"])
"abc".startswith(("x", "a")), "abc".startswith("b", 1), "abc".endswith(("c",), 0, 2), "abc".startswith(())
"a".count(1)
"a".strip(1)
"a".replace(1, 2)
"a".replace("a")
"aaa".replace("a", "b", 2), "aaa".replace("a", "b", count=1), "abc".replace("", "-"), "abc".replace("", "-", 2)
"a".center(10, "ab")
"a".center(10, 1)
"a".center("x")
"ab".center(5), "ab".center(5, "é"), "ab".ljust(4, "*"), "ab".rjust(4, "*"), "-5".zfill(5)
"a".translate(1)
"a".translate({97: 1.5})
"a".translate({97: 2**70})
"abc".translate({97: None, 98: "xyz", 99: 0x20ac})
"abc".translate(str.maketrans("ab", "xy", "c"))
str.maketrans(1)
str.maketrans({"ab": 1})
str.maketrans({1.5: 1})
str.maketrans("ab", "c")
str.maketrans("ab", 1)
str.maketrans(1, "a")
str.maketrans("ab", "cd", 1)
str.maketrans({"a": 1, 5: None, "b": "xx"})
"a".removeprefix(1)
"a".encode("foo")
"a\\ud800".encode("utf8")
"a\\xff".encode("ascii")
"aé€😀".encode("ascii", "backslashreplace"), "aé€".encode("ascii", "xmlcharrefreplace"), "aé".encode("ascii", "replace"), "aé".encode("ascii", "ignore")
"a\\xff".encode("ascii", "foo")
"a\\xff".encode("ascii", 1)
"a\\xff".encode("asc\\0ii")
"aé€😀".encode(), "aé€😀".encode("utf-16"), "é".encode("latin-1"), "a".encode("utf_32_be")
"a".encode(1)
"a".expandtabs("x")
"a".splitlines(1, 2)
"a".zfill("x")
"a".upper(1)
"a".find()
"a".join()
"a" < 1
"a" < b"a"
"a" == b"a"
"a" < "b" <= "b" > "a" >= "a" != "b"
repr("a'b"), repr('a"b'), repr("a'b\\"c"), repr("\\n\\t\\x00\\x7f\\xad\\u200b\\U0001f600\\ud800")
ascii("é€😀'"), ascii(["é"])
"ß".upper(), "ǆ".title(), "ΑΣ".lower(), "İ".lower(), "ﬁ".capitalize()
list("aé€😀"), list(iter("ab")), list(reversed("abc")), "€" in "a€", max("aé€")
type(iter("a")).__name__, type(iter("é")).__name__, iter("abc").__length_hint__(), iter("abc").__reduce__()[1:]
one("ab"[0], "cba"[2]), one(""[0:], "x"[1:])
"%s" % "x" "y"
f"{1.5:>8.2f}|{'é':*^5}|{255:#x}|{1234567:,}|{True:d}|{-5:05d}|{65:c}|{0.1:%}|{2**70:_}|{1e100:g}|{3:.2f}"
f"{1:s}"
f"{'a':d}"
f"{1:.2d}"
f"{1:5.}"
f"{1:,_}"
f"{1.5:x}"
f"{1:c=}"
f"{-1:c}"
f"{1:+c}"
f"{1j:05}"
f"{1+2j:.1f}", f"{1j:>10}"
f"{'abc':.2}|{'abc':5}|{'abc':>5}|{'abc':^5}|{'abc':<5}|{'abc':05}"
f"{'abc':+}"
f"{'abc':=5}"
f"{'abc':,}"
f"{None:5}"
f"{[1]:5}"
f"{3!r:>4}|{'x'!r}|{'é'!a}|{3!s}"
f"{10**5000:d}"[:5]
f"{10:0{1000}d}"[-4:]
"a\\tb\\tc".expandtabs(4), "a\\tb".expandtabs(0), "a\\tb".expandtabs(-1)
"a\\x1cb\\u2028c\\r\\nd".splitlines(), "a\\n".splitlines(True)
"  a  b ".split(), " a b c ".split(None, 1), "a,b,,c".split(","), "a,b,c".rsplit(",", 1), " a b ".rsplit(None, 1)
"١٢".isdecimal(), "²".isdigit(), "½".isnumeric(), "a1".isalnum(), "_a1".isidentifier(), "1a".isidentifier(), "\\u3000".isspace(), "Ab Cd".istitle()""".splitlines():
    t(line)

s = ""
for i in range(1000):
    s += str(i)
u = s
s += "é"
s += "€"
print(len(s), s[-3:], len(u), hash(u) == hash("".join(map(str, range(1000)))))
words = {}
text = "x"
for i in range(5):
    words[text] = i
    text += "y"
print(words)
