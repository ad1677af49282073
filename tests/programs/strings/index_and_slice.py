w = "Python"
print(w[0], w[-1], w[-6], w[2:5], w[:2] + w[2:], w[::2], w[::-1], w[4:42], w[42:], w[-2:], w[5:1:-2], w[:], w[1:-1], w[None:None:2])
u = "aé中😀z"
print(len(u), [c for c in u], u[3], u[::-1], u[1:4], [hex(ord(c)) for c in u], u.find("z"), "".join(reversed(u)))
print(max("hello"), min("hello"), sorted("hello"), list(enumerate("ab")), "a" * 3, 3 * "ab", "x" * 0, "x" * -1, "ab" + "cd")
print("a" < "b", "a" < "A", "abc" < "abd", "ab" < "abc", "" < "a", "Z" < "a", "é" > "z", "10" < "9", "a" == "a", "a" != "b", "a" == 1, "😀" > "\uffff")
print(ord("a"), chr(97), chr(0x1F600), ord("😀"), chr(0), len(chr(0x10FFFF)))
print(hash("abc") == hash("ab" + "c"), id(w) == id(w[:]))
for i, c in enumerate("xyz", 5):
    print(i, c, end=" ")
print()
a, b, *c = "hello"
print(a, b, c)
for bad in ("w[42]", "w[-7]", 'w["a"]', "w[1.5]", "w[::0]", "w + 1", "1 + w", "w * 1.5", "w * 'a'", "w - 'a'", "w < 1", "-w", "chr(-1)", "chr(0x110000)", 'ord("ab")', 'ord("")', "ord(1)", "chr('a')", "w[0, 1]", "len(5)", "w()", "w[None]"):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
try:
    w[0] = "J"
except TypeError as error:
    print(error)
try:
    del w[0]
except TypeError as error:
    print(error)
try:
    w.foo = 1
except AttributeError as error:
    print(error)
