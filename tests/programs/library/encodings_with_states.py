# The encodings that switch between character sets, those of JIS X 0213, and the others that are made of tables: texts, bytes and states.
import codecs
import random
import zlib

NAMES = "iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr hz euc_jis_2004 shift_jis_2004 euc_jisx0213 shift_jisx0213 big5hkscs johab gbk gb18030 cp932 cp949 cp950 euc_jp big5 euc_kr gb2312 shift_jis".split()
POOL = "abc\\~\n\x1b\x0e\x0f@B$(中国日本語あいう한국어ㅎㄱ龍ｱｲ¥‾éαβ㐂𠮟か\u309aæ\u0300\u0301세ス\u00ca\u0304\u00e8＼～−¬丂麤─①"
ESC = [b"\x1b$B",b"\x1b(B",b"\x1b(J",b"\x1b$@",b"\x1b$(D",b"\x1b$)C",b"\x1b$A",b"\x1b$(C",b"\x1b.A",b"\x1bN",b"\x1b.F",b"\x1b(I",b"\x0e",b"\x0f",b"\n",b"~{",b"~}",b"~~",b"~\n",b"$\"",b"0l",b"F|",b"\xa4\xa2",b"\x8f\xb0\xa1",b"\x88\x62",b"a",b"\x1b",b"\x1bX",b"\xff",b"\x81\x5f",b"\x1b$(Q",b"\x1b$(O",b"\x1b$(P",b"\x1b&@\x1b$B"]
r = random.Random(7)


def t(f, *a):
    try: return f(*a)
    except UnicodeError as e: return (type(e).__name__, e.start, e.end, e.reason) if hasattr(e,'start') else str(e)
    except Exception as e: return type(e).__name__, str(e)
for name in NAMES:
    h = 0
    for case in range(40):
        text = "".join(r.choice(POOL) for _ in range(r.randrange(6)))
        errors = r.choice(["strict","ignore","replace","backslashreplace"])
        a = t(text.encode, name, errors)
        data = b"".join(r.choice(ESC) for _ in range(r.randrange(7)))
        if r.random() < .5 and isinstance(a, bytes): data = a + data
        b = t(data.decode, name, errors)
        e = codecs.getincrementalencoder(name)(errors)
        c = t(lambda: [(e.encode(x), e.getstate()) for x in text] + [e.encode("", True), e.getstate()])
        d = codecs.getincrementaldecoder(name)(errors)
        g = t(lambda: [(d.decode(data[i:i+1]), d.getstate()) for i in range(len(data))] + [d.decode(b"", True)])
        h = h * 1000003 + zlib.crc32(ascii((text, errors, a, data, b, c, g)).encode()) & 0xFFFFFFFFFFFF
        if case < 3:
            print(name, ascii((text, errors, a, data, b)))
    print(name, h)
