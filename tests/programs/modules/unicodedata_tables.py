# Every property of many characters, by version, as check sums.
import unicodedata
from zlib import crc32

old = unicodedata.ucd_3_2_0
codes = [*range(0x3400), *range(0x3400, 0x20000, 5), *range(0x1F000, 0x1FC00), *range(0x2F800, 0x2FA20), 0xE0001, 0x10FFFF]
for database in (unicodedata, old):
    print(database.unidata_version)
    for function in "category bidirectional combining mirrored east_asian_width decomposition".split():
        get = getattr(database, function)
        print(function, crc32("|".join([str(get(chr(code))) for code in codes]).encode()))
    for function in "decimal digit numeric".split():
        get = getattr(database, function)
        print(function, crc32("|".join([str(get(chr(code), None)) for code in codes]).encode()))
    for form in "NFC NFD NFKC NFKD".split():
        whole = [database.normalize(form, chr(code)) for code in codes]
        print(form, crc32("|".join(whole).encode(errors="surrogatepass")))
        text = "".join(map(chr, codes[::-7]))
        print(form, crc32(database.normalize(form, text).encode(errors="surrogatepass")))
        print(form, sum(database.is_normalized(form, chr(code)) for code in codes))
    names = [database.name(chr(code), "") for code in codes[::3]]
    print("name", crc32("|".join(names).encode()))
    print("lookup", sum(name and ord(database.lookup(name)) or 0 for name in names))
