# Encodings of China, Japan, Korea and Taiwan: text and files, errors, pieces.
import codecs

TEXT = {
    "gb2312": "你好，世界！ Python 3",
    "gbk": "囍 你好 €"[:4],
    "gb18030": "你好 𝄞 € ä",
    "big5": "你好，世界 abc",
    "cp950": "你好，世界",
    "euc_kr": "안녕 세계",
    "cp949": "안녕 똠방",
    "shift_jis": "こんにちは ｱｲｳ 世界",
    "cp932": "①②㈱ テスト",
    "euc_jp": "日本語 ｱ 丂",
}
for name, text in TEXT.items():
    data = text.encode(name)
    print(name, data, data.decode(name) == text)
    with open("text", "w", encoding=name) as file:
        file.write(text + "\n")
        file.write(text)
    with open("text", encoding=name) as file:
        print(file.readline() == text + "\n", file.read() == text)
    decoder = codecs.getincrementaldecoder(name)()
    print("".join(decoder.decode(bytes([byte])) for byte in data) == text, decoder.getstate())
    for bad in (b"a\xff", b"\x81", b"ab\x81\x20cd", "\u0e01x"):
        for errors in ("strict", "replace", "ignore", "backslashreplace"):
            try:
                result = bad.encode(name, errors) if isinstance(bad, str) else bad.decode(name, errors)
                print(ascii(result), end=" ")
            except UnicodeError as error:
                print(type(error).__name__, error, end=" ")
    print()
    # Whole tables, as one number each.
    total = 0
    for lead in range(0x80, 0x100, 5):
        for trail in range(0x30 + lead % 8, 0x100, 8):
            got = bytes([lead, trail]).decode(name, "replace")
            for character in got:
                total = (total * 31 + ord(character)) % 1000003
    print(total)
    total = 0
    for start in range(0, 0xD800, 0x2100):
        text = "".join(map(chr, range(start, start + 0x100)))
        for byte in text.encode(name, "replace"):
            total = (total * 31 + byte) % 1000003
    print(total)
