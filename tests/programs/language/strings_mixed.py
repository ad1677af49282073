s = "Hello, World"
print(s[::-1], s[::2], s[-5:], s.split(", "), s.replace("l", "L", 2), s.count("o"), s.find("World"), "World" in s, s * 2, len(s))
print("".join(sorted(s)), "".join(c for c in s if c.isupper()), [ord(c) for c in s[:3]], s.encode(), s.swapcase(), s.center(20, "-"))
for i, c in enumerate(s):
    if c == "o":
        print(i, end=" ")
print(*s.partition(", "), sep="|")
words = ["apple", "Banana", "cherry"]
print(", ".join(words), sorted(words), sorted(words, key=str.lower), [w.capitalize() for w in words], max(words, key=len), {w[0]: len(w) for w in words})
text = "line one\nline two\n\nline four"
print(text.splitlines(), text.split("\n"), [line.split() for line in text.splitlines()], text.title(), text.index("two"))
print("  padded ".strip() + "|", "a,b;c".replace(";", ",").split(","), "2024-01-15".split("-"), "key=value=x".split("=", 1), "x".join("abc"), " ".join("a  b   c".split()))
print("abc" < "abd", "Z" < "a", "10" < "9", sorted(["b10", "b9", "a"]), "abc".startswith(("x", "ab")), "file.tar.gz".rsplit(".", 1), "ab" "cd", "ab\
cd")
print('It\'s', "She said \"hi\"", "tab\there", r"raw\n", "back\\slash", "\u00e9\x41\101", """multi
line""", len("\n\t"), "é" == "\u00e9", "ÀÉ".lower(), "straße".upper())
vowels = "aeiou"
print("".join(c for c in "programming" if c not in vowels), sum(c in vowels for c in "education"), "noon" == "noon"[::-1], {c: "banana".count(c) for c in sorted(set("banana"))})
s2 = ""
for n in range(5):
    s2 += str(n) * n
print(s2, s2.strip("1"), s2.lstrip("12"), s2.rstrip("4"), s2.isdigit(), s2.zfill(15), s2.find("9"), s2[2:8:2])
print("%s is %d years and %.1f%%" % ("Ann", 30, 99.5), "{:>8}|{:<8}|{:^8}".format("r", "l", "c"), f"{'x':*^9}", f"{1234567.891:,.2f}", f"{42:b} {42:o} {42:x}", f"{0.5:.0%}", f"{-5:+d}", f"{'é':>3}")
print("a1b2".isalnum(), "abc".isalpha(), "123".isdigit(), " ".isspace(), "Abc".istitle(), "_x1".isidentifier(), "ABC".isupper(), "x\x00".isprintable())
print(list("héllo"), tuple("ab"), set("aa"), "héllo".encode("utf-8"), b"h\xc3\xa9llo".decode(), "日本語"[1], len("👋🏽"), "👋"[0], ascii("日"), repr("a\nb'c"))
