# Writes the database of Unicode names (see src/vm/names.rs) from what CPython's unicodedata knows. Run by unicode_names.mjs.
import ctypes
import re
import unicodedata


def all_names():
    """Code point or number in the private ranges of aliases and sequences, with its name."""
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    functions = ctypes.cast(
        pointer(unicodedata._ucnhash_CAPI, b"unicodedata._ucnhash_CAPI"), ctypes.POINTER(ctypes.c_void_p)
    )
    get_name = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_int, ctypes.c_int)(functions[0])
    buffer = ctypes.create_string_buffer(1000)
    for code in range(0x110000):
        if get_name(code, buffer, 1000, 1):
            yield code, buffer.value.decode()


def varint(number):
    out = bytearray()
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def pieces(name):
    """A name's words; one with a hyphen in front is not set off by a space."""
    return re.findall(r" -[^ -]*|-[^ -]*|[^ -]+", name)


def build():
    plain, patterns, extra = {}, {}, []
    for code, name in all_names():
        if 0xAC00 <= code < 0xD7A4:
            continue
        if 0xF0000 <= code < 0xF1000:
            extra.append((name, [ord(c) for c in unicodedata.lookup(name)]))
        elif name.endswith(f"-{code:X}"):
            patterns.setdefault(name[: -len(f"{code:X}")], []).append(code)
        else:
            plain[code] = name

    words = {}
    for name in [*plain.values(), *(name for name, _ in extra)]:
        for word in pieces(name):
            words[word] = words.get(word, 0) + 1
    order = sorted(words, key=lambda word: (-words[word], word))
    # The most frequent words have numbers of one byte; the others are in alphabetical order, which packs better.
    order = order[:128] + sorted(order[128:])
    number = {word: at for at, word in enumerate(order)}

    out = bytearray()
    out += varint(len(order))
    last = b""
    for word in order:
        text = word.encode()
        shared = 0
        while shared < min(len(last), len(text), 15) and last[shared] == text[shared]:
            shared += 1
        out += bytes([shared, len(text) - shared]) + text[shared:]
        last = text

    def runs(codes):
        found = []
        for code in codes:
            if found and found[-1][1] + 1 == code:
                found[-1][1] = code
            else:
                found.append([code, code])
        encoded, at = bytearray(varint(len(found))), 0
        for first, end in found:
            encoded += varint(first - at) + varint(end - first)
            at = end
        return encoded

    out += varint(len(patterns))
    for prefix, codes in patterns.items():
        out += varint(len(prefix)) + prefix.encode() + runs(codes)
    out += runs(sorted(plain))

    previous = []

    def encode(name):
        nonlocal previous
        current = pieces(name)
        shared = 0
        while shared < min(len(previous), len(current), 15) and previous[shared] == current[shared]:
            shared += 1
        new = current[shared:]
        previous = current
        head = bytes([shared << 4 | min(len(new), 15)])
        if len(new) >= 15:
            head += varint(len(new) - 15)
        return head + b"".join(varint(number[word]) for word in new)

    for code in sorted(plain):
        out += encode(plain[code])
    out += varint(len(extra))
    for name, codes in extra:
        out += encode(name) + varint(len(codes)) + b"".join(map(varint, codes))
    return bytes(out)
