print('single', "double", '''triple
line''', "a" "b" 'c', r"raw\n", "tab\tend", "nl\\n", "\x41\u00e9\U0001F600\N{BULLET}\101\0end".replace("\0", "NUL"))
print(repr("it's"), repr('say "hi"'), repr("both ' and \""), repr("\\"), repr("\n\t\r\x00\x7f\x80\xa0\xad"), repr("é中😀\u200b\u2028\ue000\U000e0001"))
print(ascii("é中😀'"), ascii("plain"), repr("\ud800"), len("\ud800"), "\
continued")
print(str(b"bytes"), str(None), str([1, "a"]), str(), str(3.0), str(b"caf\xc3\xa9", "utf-8"), str(object=5))
print("é".encode(), "é".encode("latin-1"), "é".encode("utf-16-le"), "a€".encode("ascii", "replace"), "a€".encode("ascii", "ignore"), "a€".encode("ascii", "xmlcharrefreplace"), "a€".encode("ascii", "backslashreplace"), "€".encode("utf-32-be"))
print(b"caf\xc3\xa9".decode(), b"\xff\xfea\x00".decode("utf-16"), b"\xe9".decode("latin-1"), b"a\xffb".decode("utf-8", "replace"), b"a\xffb".decode("utf-8", errors="ignore"), b"a\xff".decode("utf-8", "backslashreplace"), b"a\xff".decode("utf-8", "surrogateescape") == "a\udcff")
for bad in ('"é".encode("ascii")', 'b"\\xff".decode()', 'b"\\xe2\\x82".decode()', 'b"a\\x80b".decode("ascii")', '"x".encode("nope")', 'b"x".decode("nope")', '"\\ud800".encode()', '"中文".encode("latin-1")', 'str(b"\\xff", "utf-8")', 'str(1, "utf-8")', '"x".encode(errors="nope")', '"é".encode("ascii", "nope")', 'b"\\xc3(".decode()', 'b"\\xed\\xa0\\x80".decode()', 'b"\\xf0\\x9f".decode()'):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
print("""a 'quoted' "word" here""", 'x' 'y' f"{1}" "z")
print(len("e\u0301"), "e\u0301" == "\u00e9", "\u212b".lower(), "\N{GREEK SMALL LETTER ALPHA}")
