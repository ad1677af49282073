import zlib, random, hashlib
random.seed(11)
def h(b): return len(b), hashlib.md5(b).hexdigest()[:12]
words = [bytes(random.choices(b"abcdefghij ", k=random.randrange(1, 12))) for _ in range(300)]
texts = [b"", b"a", b"abc" * 5, b"hello hello hello", bytes(range(256)) * 4, b"\0" * 70000, b" ".join(random.choices(words, k=30000)), bytes(random.randrange(256) for _ in range(5000)), bytes(random.choices(b"ab", k=50000)), b"".join(b"%d,%d\n" % (i, i * i) for i in range(20000))]
for t in texts:
    for level in (-1, 1, 2, 3, 4, 5, 6, 7, 8, 9):
        c = zlib.compress(t, level)
        assert zlib.decompress(c) == t, (len(t), level)
        print(len(t), level, h(c))
    assert zlib.decompress(zlib.compress(t, 0)) == t
    for wbits in (-15, 31, 12, -9):
        c = zlib.compress(t, wbits=wbits); assert zlib.decompress(c, wbits=wbits) == t; print(wbits, h(c))
    co = zlib.compressobj(); parts = [co.compress(t[i:i + 777]) for i in range(0, len(t), 777)] + [co.flush()]
    assert b"".join(parts) == zlib.compress(t)
    d = zlib.decompressobj(); data = b"".join(parts) + b"rest"
    out = b"".join(d.decompress(data[i:i + 13]) for i in range(0, len(data), 13)); assert out == t and d.eof, len(t); print(d.unused_data, d.unconsumed_tail)
    d = zlib.decompressobj(); got = b""; buf = zlib.compress(t)
    while not d.eof:
        got += d.decompress(buf, 1000); buf = d.unconsumed_tail
    assert got == t
print(zlib.adler32(b"abc"), zlib.adler32(b"x" * 100000, 5), zlib.crc32(b"abc"), zlib.crc32(b"abc", 7))
def t(f, *a, **k):
    try: print(f(*a, **k))
    except Exception as e: print(type(e).__name__, e)
t(zlib.decompress, b""); t(zlib.decompress, b"abc"); t(zlib.decompress, zlib.compress(b"hello")[:-1]); t(zlib.decompress, zlib.compress(b"hello")[:-4] + b"abcd"); t(zlib.decompress, b"x\x9cabcdefgh"); t(zlib.compress, b"", 10); t(zlib.compress, "x"); t(zlib.compressobj, 10)
co = zlib.compressobj(); a = co.compress(b"hello world " * 10) + co.flush(zlib.Z_SYNC_FLUSH); b = co.compress(b"more") + co.flush(); print(zlib.decompress(a + b)[-16:], zlib.decompressobj().decompress(a)[:5])
co = zlib.compressobj(zdict=b"hello world"); c = co.compress(b"hello world hello") + co.flush(); print(h(c), zlib.decompressobj(zdict=b"hello world").decompress(c)); t(zlib.decompress, c)
