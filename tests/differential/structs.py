# struct: calcsize, pack, unpack, with all codes, byte orders, counts and wrong values.
import struct

# Native sizes and alignment differ from platform to platform.
CODES = "xcbB?hHiIlLqQefdspFDnNP!Z"


def value_for(r, code):
    if r.below(12) == 0:
        return r.choice(["text", None, 1.5, b"bytes", 2 ** 70, -1])
    if code in "bBhHiIlLqQnNP":
        bits = {"b": 8, "h": 16, "i": 32, "l": 32, "q": 64, "n": 64, "p": 64}[code.lower()]
        low = -(1 << bits - 1) if code.islower() else 0
        kind = r.below(6)
        if kind == 0:
            return low - r.below(2)
        if kind == 1:
            return low + (1 << bits) - 1 + r.below(2)
        return low + r.big(1 << bits)
    if code in "efd":
        value = float_from(r)
        if code == "e" and r.below(3):
            value = (r.below(200000) - 100000) / 1.5 ** r.below(40)
        return value
    if code in "FD":
        return complex(r.below(100), r.below(100))
    if code == "c":
        return bytes([r.below(256)])
    if code == "?":
        return r.choice([True, False, 0, 7, "", [1]])
    return bytes([r.below(256) for _ in range(r.below(9))])


def layout(r):
    order = r.choice("<>!=")
    codes, values = [order], []
    for _ in range(r.below(6)):
        code = r.choice("xcbB?hHiIlLqQefdspFD") if r.below(40) else r.choice(CODES)
        count = r.choice(["", "", "", str(r.below(5)), " "])
        codes.append(count + code)
        if code == "x" or code in "!Z":
            continue
        if code == "p" and count == "0":
            # CPython writes a byte behind the buffer.
            codes[-1] = "1p"
        number = int(count) if count.strip() else 1
        for _ in range(1 if code in "sp" else number):
            values.append(value_for(r, code))
    return "".join(codes), values


def case(r):
    text, values = layout(r)
    kind = r.below(4)
    if kind < 2:
        if r.below(20) == 0:
            values = values[1:] if r.flip() else values + [1]
        return "pack(%r, %r) %s %s" % (text, values, attempt(struct.calcsize, text), attempt(lambda: struct.pack(text, *values)))
    try:
        size = struct.calcsize(text)
    except struct.error as error:
        return "calcsize(%r) %s" % (text, error)
    data = bytes([r.below(256) for _ in range(size + (r.below(20) == 0))])
    if kind == 2:
        return "unpack(%r, %r) %s" % (text, data, attempt(struct.unpack, text, data))
    offset = r.below(8) - 4
    data = bytearray(data + b"12345")
    first = attempt(struct.unpack_from, text, bytes(data), offset)
    second = attempt(lambda: struct.pack_into(text, data, offset, *values))
    return "%r %d %r %s %s %r" % (text, offset, values, first, second, bytes(data))
