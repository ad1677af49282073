s = "spam and eggs and spam"
print(s.find("and"), s.find("and", 6), s.find("and", 6, 10), s.rfind("spam"), s.rfind("x"), s.find(""), s.rfind(""), s.find("", 99), s.find("s", -4))
print(s.index("eggs"), s.rindex("and"), s.count("a"), s.count("spam"), s.count(""), "aaaa".count("aa"), s.count("a", 5), s.count("a", 5, 9))
print(s.startswith("spam"), s.startswith(("x", "sp")), s.startswith("and", 5), s.endswith("spam"), s.endswith(("m", "q")), s.endswith("eggs", 0, 13), s.startswith(""), s.startswith((),))
print("eggs" in s, "" in s, "Eggs" in s, "x" not in s, "é" in "café", "😀" in "a😀b")
print(s.replace("and", "&"), s.replace("and", "&", 1), s.replace("", "-", 3), "aaa".replace("a", "bb"), "abc".replace("", "."), "x".replace("y", "z"), "aaa".replace("aa", "b", count=1))
print(s.split(), s.split("and"), s.split(" ", 2), s.rsplit(" ", 2), "a,,b,".split(","), "  a  b ".split(), "  a  b ".split(None, 1), "".split(), "".split(","), "  a  b c".rsplit(None, 1))
print("a\nb\r\nc\x0bd\u2028e\n".splitlines(), "a\n\nb".splitlines(True), "".splitlines(), "x\r".splitlines(keepends=True))
print("a-b-c".partition("-"), "a-b-c".rpartition("-"), "abc".partition("-"), "abc".rpartition("-"))
print("-".join(["a", "b", "c"]), "".join("xyz"), ", ".join([]), "ab".join(("1",)), "·".join(c for c in "né"))
table = str.maketrans({"a": "1", "b": None, "c": "long", ord("d"): 33})
print("abcd".translate(table), "hello".translate(str.maketrans("el", "ip", "h")), str.maketrans("ab", "cd"))
for bad in ('s.index("zzz")', 's.rindex("zzz")', 's.find(1)', 's.count()', 's.startswith(1)', 's.startswith(["a"])', 's.startswith(("a", 1))', 's.split("")', 's.split(1)', 's.partition("")',
            '"-".join([1, 2])', '"-".join(["a", 5])', '"-".join(3)', 's.replace("a")', 's.replace(1, 2)', '1 in "abc"', 's.split(sep=",", foo=1)', 'str.maketrans("a", "bc")', 'str.maketrans(1)',
            '"abc".translate(1)', 's.splitlines(1, 2)', 's.find("a", "b")'):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
