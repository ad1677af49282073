b = b"spam and eggs"
print(b, b[0], b[-1], b[1:4], b[::-1], len(b), list(b[:3]), bytes([65, 66]), bytes(3), bytes("é", "utf-8"), bytes(b"x"), bytes((1, 2)), bytes(range(5)), bytes())
print(b.upper(), b.title(), b.split(), b.find(b"and"), b.find(97), b.count(b"a"), b.replace(b"a", b"A"), b.startswith(b"sp"), b.endswith((b"x", b"s")), b.partition(b" "), b" x ".strip(), b.index(b"e"))
print(b"-".join([b"a", b"b"]), b.center(20, b"*"), b"42".zfill(5), b"ab".hex(), b"\x01\xff".hex(":"), bytes.fromhex("01 ff Ab"), b"a\tb".expandtabs(4), b"ABC".swapcase(), b"abc".translate(bytes.maketrans(b"ab", b"xy")), b"abc".translate(None, b"b"))
print(b"a" + b"b", b"ab" * 2, 97 in b"abc", b"bc" in b"abc", b"a" < b"b", b"a" == "a", b"abc" == bytearray(b"abc"), hash(b"a") == hash(bytes([97])), b"%d %s %x" % (5, b"q", 255), b"%b" % b"z", b"%a" % "é")
print(repr(b"\x00\n\t\\'\"\x7f\x80"), repr(b"it's"), b"\x41\101", rb"\n", b"isalpha".isalpha(), b"12".isdigit(), b"a b".islower(), b"".isspace(), b"a\nb\r\nc".splitlines(), b"abcabc".rfind(b"abc"), b"abc".removeprefix(b"a"))
print(int.from_bytes(b"\x01\x00"), memoryview(b"abc")[1], bytes(memoryview(b"abc")[1:]), memoryview(b"abc").tolist(), bytes(memoryview(bytearray(b"xyz"))[::-1]), len(memoryview(b"ab")))
for bad in ("b[99]", "b + 'a'", "bytes([256])", "bytes([-1])", "bytes('é')", "bytes(-1)", "bytes(1.5)", "bytes(['a'])", "b'a' < 'a'", "'a' in b", "300 in b", "b.find('a')", "b.split('a')", "b.join(['a'])", "bytes.fromhex('0')", "bytes.fromhex('zz')", "b['a']", "b.replace(b'a', 'b')",
            "bytes('a', 'b', 'c', 'd')", "b'%d' % 'x'", "b'%s' % 'x'", "b.index(b'zzz')", "bytes(None)", "b'a'.center(5, 'x')", "b'' .encode()"):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
