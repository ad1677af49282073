# compression.zstd: frames that were made by libzstd, round trips at levels, parameters, dictionaries, errors, files.
import io
import os
from compression import zstd
from compression.zstd import CompressionParameter, DecompressionParameter, Strategy, ZstdCompressor, ZstdDecompressor, ZstdDict, ZstdError


def attempt(function, *args, **named):
    try:
        return function(*args, **named)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


frames = [
    b'(\xb5/\xfd \x00\x01\x00\x00', b'(\xb5/\xfd \x03\x19\x00\x00abc', b'(\xb5/\xfd`\xe8\x02M\x00\x00\x10aa\x01\x00\xe3+\x80\x05',
    b'(\xb5/\xfdd\xe8\x02M\x00\x00\x10ab\x01\x00\xe3\xab\x1c\x16\x95\xedp\x9d', b'(\xb5/\xfd\x00\x00M\x00\x00\x10ab\x01\x00\xe3\xab\x1c\x16',
]
for frame in frames:
    data = zstd.decompress(frame)
    print(len(data), data[:4], zstd.get_frame_info(frame), zstd.get_frame_size(frame + b"more") == len(frame))
    print(attempt(zstd.decompress, frame[:-1]), attempt(zstd.get_frame_size, frame[:-1])[-30:])
print(zstd.decompress(b"".join(frames)) == b"".join([zstd.decompress(frame) for frame in frames]))
skippable = b"\x5a\x2a\x4d\x18\x03\0\0\0abc"
print(zstd.decompress(skippable + frames[1]), zstd.get_frame_info(skippable), zstd.get_frame_size(skippable))
print(attempt(zstd.decompress, frames[3][:-1] + b"!"), attempt(zstd.decompress, b"nothing"), attempt(zstd.decompress, b"no"))
print(attempt(zstd.decompress, frames[2][:7] + b"\xff" * 20), attempt(zstd.decompress, frames[1][:4] + b"\x08" * 9))

text = b"".join([b"line %d of a text that repeats itself, mostly\n" % number for number in range(3000)])
pieces = [b"", b"a", b"ab" * 70000, text, bytes(range(256)) * 3, os.urandom(2000), b"x" * 300000]
for level in (-100, 0, 1, 3, 7, 12, 22):
    for data in pieces:
        packed = zstd.compress(data, level)
        if zstd.decompress(packed) != data or zstd.get_frame_info(packed).decompressed_size != len(data):
            print("wrong", level, len(data))
print(len(zstd.compress(text, 19)) < len(text) // 8)

options = {CompressionParameter.checksum_flag: 1, CompressionParameter.window_log: 10, CompressionParameter.content_size_flag: 0}
packed = zstd.compress(text, options=options)
print(zstd.decompress(packed) == text, zstd.get_frame_info(packed), packed[4:6])
compressor = ZstdCompressor(options=options)
parts = [compressor.compress(text[at : at + 1000], [0, 1, 2][at // 1000 % 3]) for at in range(0, len(text), 1000)] + [compressor.flush()]
print(zstd.decompress(b"".join(parts)) == text, compressor.last_mode)
decompressor = ZstdDecompressor()
out = decompressor.decompress(packed[:50] , 10)
while not decompressor.eof:
    more = b"" if not decompressor.needs_input else packed[50:] + b"behind"
    out += decompressor.decompress(more, 5000)
print(out == text, decompressor.unused_data, attempt(decompressor.decompress, b""))

compressor = ZstdCompressor()
compressor.set_pledged_input_size(5)
print(attempt(compressor.compress, b"123"), attempt(compressor.flush), compressor.last_mode)
compressor.set_pledged_input_size(3)
print(zstd.get_frame_info(compressor.compress(b"12") + compressor.compress(b"3", compressor.FLUSH_FRAME)))
compressor.compress(b"123")
print(attempt(compressor.set_pledged_input_size, 3), attempt(compressor.compress, "text"), attempt(compressor.compress, b"", 4), attempt(compressor.flush, 0))

for arguments in ({"level": 3.5}, {"level": 23}, {"level": 2**99}, {"level": 1, "options": {}}, {"options": {101: 31}}, {"options": {7: 1}}, {"options": 1},
                  {"options": {DecompressionParameter.window_log_max: 11}}, {"options": {"a": 1}}, {"options": {101: 2**40}}, {"zstd_dict": b"bytes"}):
    print(attempt(ZstdCompressor, **arguments))
for arguments in ({"options": {100: 9}}, {"options": {7: 1}}, {"options": {CompressionParameter.window_log: 11}}, {"zstd_dict": (1, 2)}):
    print(attempt(ZstdDecompressor, **arguments))
print(attempt(zstd.decompress, packed, options={100: 10}) == text, CompressionParameter.compression_level.bounds(), DecompressionParameter.window_log_max.bounds())
print(list(Strategy))

raw = ZstdDict(text[:2000], is_raw=True)
packed = zstd.compress(text[500:1500], zstd_dict=raw)
print(raw, len(raw), len(packed) < 40, zstd.decompress(packed, zstd_dict=raw) == text[500:1500])
packed = zstd.compress(text[500:1500], zstd_dict=raw.as_prefix)
print(zstd.decompress(packed, zstd_dict=raw.as_prefix) == text[500:1500])
trained = zstd.train_dict([text[at : at + 500] for at in range(0, 50000, 500)], 2000)
packed = zstd.compress(text[100:300], zstd_dict=trained)
print(len(trained) <= 2000, trained.dict_id == zstd.get_frame_info(packed).dictionary_id, zstd.decompress(packed, zstd_dict=trained) == text[100:300])
print(attempt(zstd.decompress, packed), attempt(zstd.decompress, packed, zstd_dict=raw))
finished = zstd.finalize_dict(trained, [text[:5000]], 3000, 3)
print(finished.dict_id != trained.dict_id, zstd.decompress(zstd.compress(text, zstd_dict=finished), zstd_dict=finished) == text)
for arguments in ((b"short",), (b"long enough",), ("text",)):
    print(attempt(ZstdDict, *arguments))

buffer = io.BytesIO()
with zstd.open(buffer, "wt", encoding="utf-8") as file:
    file.write("one\ntwö\nthree\n")
print(zstd.open(io.BytesIO(buffer.getvalue()), "rt", encoding="utf-8").readlines())
with zstd.open("/tmp/file.zst", "wb", level=5) as file:
    print(file.write(text), file.tell())
with zstd.open("/tmp/file.zst", "ab") as file:
    file.write(b"end")
with zstd.open("/tmp/file.zst") as file:
    print(file.read(20), file.seek(1000), file.read(20) == text[1000:1020], file.seek(-3, 2), file.read())
with open("/tmp/file.zst", "wb") as file:
    file.write(b"bogus")
print(attempt(zstd.open("/tmp/file.zst").read))
