# bz2 and lzma: what is written is read again, in pieces too; errors.
import bz2, io, lzma, _lzma

text = b"".join(b"line %d of a text that repeats itself\n" % (i % 97) for i in range(3000))


def attempt(function, *args, **kwargs):
    try:
        print(repr(function(*args, **kwargs))[:90])
    except BaseException as error:
        print(type(error).__name__, error)


attempt(bz2.decompress, bz2.compress(b"hello " * 3))
for level in (1, 5, 9):
    packed = bz2.compress(text, level)
    print(level, packed[:4], len(packed), bz2.decompress(packed) == text)
packed = bz2.compress(text)
decompressor = bz2.BZ2Decompressor()
out = b"".join(decompressor.decompress(packed[i:i + 50]) for i in range(0, len(packed), 50))
print(out == text, decompressor.eof, decompressor.needs_input, decompressor.unused_data)
attempt(decompressor.decompress, b"x")
decompressor = bz2.BZ2Decompressor()
print(len(decompressor.decompress(packed + b"tail", max_length=100)), decompressor.needs_input, decompressor.eof)
rest = b""
while not decompressor.eof:
    rest += decompressor.decompress(b"", max_length=10000)
print(len(rest), decompressor.unused_data)
compressor = bz2.BZ2Compressor()
data = compressor.compress(text[:1000]) + compressor.compress(text[1000:]) + compressor.flush()
print(bz2.decompress(data + data) == text + text, data == packed)
attempt(compressor.compress, b"")
attempt(compressor.flush)
attempt(bz2.decompress, b"nonsense")
attempt(bz2.decompress, packed[:-10])
attempt(bz2.BZ2Compressor, 10)
attempt(bz2.BZ2Compressor, "a")
with bz2.open(io.BytesIO(packed), "rt") as file:
    print(file.readline(), sum(1 for _ in file))

for format, filters in [
    (lzma.FORMAT_XZ, None), (lzma.FORMAT_ALONE, None), (lzma.FORMAT_RAW, [{"id": lzma.FILTER_LZMA2, "preset": 1}]),
    (lzma.FORMAT_RAW, [{"id": lzma.FILTER_LZMA1}]),
    (lzma.FORMAT_XZ, [{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]),
    (lzma.FORMAT_XZ, [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "lc": 0, "lp": 2}]),
]:
    packed = lzma.compress(text, format, filters=filters)
    again = lzma.decompress(packed, *((format, None, filters) if format == lzma.FORMAT_RAW else ()))
    print(format, len(packed) < 3000, again == text)
for check in (lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256):
    packed = lzma.compress(text, check=check)
    decompressor = lzma.LZMADecompressor()
    out = b"".join(decompressor.decompress(packed[i:i + 50]) for i in range(0, len(packed), 50))
    print(check, decompressor.check, out == text, decompressor.eof, lzma.is_check_supported(check))
for preset in (0, 3, 9, 6 | lzma.PRESET_EXTREME):
    print(lzma.decompress(lzma.compress(text, preset=preset)) == text)
packed = lzma.compress(text)
decompressor = lzma.LZMADecompressor(lzma.FORMAT_XZ)
print(len(decompressor.decompress(packed + b"tail", max_length=100)), decompressor.needs_input, decompressor.eof)
rest = b""
while not decompressor.eof:
    rest += decompressor.decompress(b"", max_length=10000)
print(len(rest), decompressor.unused_data)
attempt(decompressor.decompress, b"")
with lzma.open(io.BytesIO(packed + packed), "rt") as file:
    print(file.readline(), sum(1 for _ in file))
attempt(lzma.decompress, b"nonsense")
attempt(lzma.decompress, packed[:-10])
attempt(lzma.decompress, packed[:100] + b"??????????" + packed[110:])
attempt(lzma.compress, b"", 7)
attempt(lzma.compress, b"", lzma.FORMAT_ALONE, lzma.CHECK_CRC64)
attempt(lzma.compress, b"", preset=20)
attempt(lzma.compress, b"", preset=1, filters=[])
attempt(lzma.compress, b"", lzma.FORMAT_RAW)
attempt(lzma.compress, b"", filters=[{"id": 99}])
attempt(lzma.compress, b"", filters=[{}])
attempt(lzma.compress, b"", filters=[{"id": lzma.FILTER_LZMA2, "foo": 1}])
attempt(lzma.LZMADecompressor, lzma.FORMAT_RAW)
attempt(lzma.LZMADecompressor, lzma.FORMAT_XZ, filters=[{"id": lzma.FILTER_LZMA2}])
attempt(_lzma._encode_filter_properties, {"id": lzma.FILTER_LZMA2, "dict_size": 100000})
attempt(_lzma._encode_filter_properties, {"id": lzma.FILTER_LZMA1, "lc": 1})
attempt(_lzma._encode_filter_properties, {"id": lzma.FILTER_DELTA, "dist": 9})
attempt(_lzma._decode_filter_properties, lzma.FILTER_LZMA2, b"\x16")
attempt(_lzma._decode_filter_properties, lzma.FILTER_LZMA1, b"]\0\0\x80\0")
attempt(_lzma._decode_filter_properties, lzma.FILTER_DELTA, b"\x03")
print(lzma.LZMAError.__module__)
