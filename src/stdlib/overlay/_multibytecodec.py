"""Codecs in which a character takes one to four bytes, from tables: those of China, Japan, Korea and Taiwan.

CPython has them in C; here the tables are modules of their own (`_multibyte_NAME`), loaded with the first use of the codec. None of
the codecs has a state: what an incremental decoder keeps are the first bytes of a character.
"""

import codecs as _codecs

ILLEGAL = "illegal multibyte sequence"
INCOMPLETE = "incomplete multibyte sequence"


class _Table:
    """What the bytes of a codec mean, and the way back."""

    def __init__(self, name):
        module = __import__("_multibyte_" + name)
        self.ascii = module.ASCII
        self.single = module.SINGLE
        self.two = module.TWO
        self.three = module.THREE
        self.four = module.FOUR
        # Where a byte that starts nothing is known at once; elsewhere it takes a second one.
        self.quick = name == "shift_jis"
        # Korean syllables that have no place of their own are written letter by letter.
        self.letters = name == "euc_kr"
        self.encoded = encoded = {}
        for code in range(module.ASCII):
            encoded[chr(code)] = bytes([code])
        for byte, text in module.SINGLE.items():
            encoded.setdefault(text, bytes([byte]))
        for prefix, rows in (b"", module.TWO), (b"\x8f", module.THREE):
            for lead, (first, row) in rows.items():
                for trail, text in enumerate(row, first):
                    if text != "\ufffd":
                        encoded.setdefault(text, prefix + bytes([lead, trail]))
        encoded.update(module.ENCODED)
        for text in module.NOT_ENCODED:
            encoded.pop(text, None)

    def encode(self, character):
        """The bytes of a character, or None."""
        found = self.encoded.get(character)
        if found is None and self.four:
            code = ord(character)
            if code >= 0x10000:
                return _four_bytes(189000 + code - 0x10000)
            for start, first, count in self.four:
                if first <= code < first + count:
                    return _four_bytes(start + code - first)
        if found is None and self.letters and "\uac00" <= character <= "\ud7a3":
            index = ord(character) - 0xAC00
            letters = _FILLER + _INITIAL[index // 588] + _MEDIAL[index // 28 % 21] + _FINAL[index % 28]
            return b"".join([bytes([0xA4, ord(letter) - 0x3131 + 0xA1]) for letter in letters])
        return found

    def decode(self, data, at):
        """The text at a position that is not ASCII and how many bytes it takes: 0 if there are too few, -1 if there is none."""
        lead = data[at]
        if lead in self.single:
            return self.single[lead], 1
        rows, start = self.two, at
        if lead == 0x8F and self.three:
            if at + 1 >= len(data):
                return "", 0
            rows, start = self.three, at + 1
            lead = data[start]
        row = rows.get(lead)
        if row is None and self.quick and not (0x81 <= lead <= 0x9F or 0xE0 <= lead <= 0xFC):
            return "", -1
        if start + 1 >= len(data):
            return "", 0
        trail = data[start + 1]
        if self.letters and lead == 0xA4 and trail == 0xD4:
            if at + 8 > len(data):
                return "", 0
            syllable = _syllable(data[at : at + 8])
            return (syllable, 8) if syllable else ("", -1)
        if self.four and 0x30 <= trail <= 0x39:
            return self._decode_four(data, at)
        if row is not None and row[0] <= trail < row[0] + len(row[1]):
            text = row[1][trail - row[0]]
            if text != "\ufffd":
                return text, start + 2 - at
        return "", -1

    def _decode_four(self, data, at):
        if at + 3 >= len(data):
            return "", 0
        first, second, third, fourth = data[at : at + 4]
        if not (0x81 <= first <= 0xFE and 0x81 <= third <= 0xFE and 0x30 <= fourth <= 0x39):
            return "", -1
        linear = (((first - 0x81) * 10 + second - 0x30) * 126 + third - 0x81) * 10 + fourth - 0x30
        if 189000 <= linear < 189000 + 0x100000:
            return chr(linear - 189000 + 0x10000), 4
        for start, code, count in self.four:
            if start <= linear < start + count:
                return chr(code + linear - start), 4
        return "", -1


_FILLER = "\u3164"
_INITIAL = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_MEDIAL = "".join(map(chr, range(0x314F, 0x3164)))
_FINAL = _FILLER + "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"


def _syllable(data):
    """The syllable of a filler and three letters, or an empty str."""
    letters = [chr(byte - 0xA1 + 0x3131) for lead, byte in zip(data[2::2], data[3::2]) if lead == 0xA4 and byte >= 0xA1]
    if len(letters) != 3:
        return ""
    places = [kind.find(letter) for kind, letter in zip((_INITIAL, _MEDIAL, _FINAL), letters)]
    if min(places) < 0:
        return ""
    return chr(0xAC00 + places[0] * 588 + places[1] * 28 + places[2])


def _four_bytes(linear):
    return bytes([0x81 + linear // 12600, 0x30 + linear // 1260 % 10, 0x81 + linear // 10 % 126, 0x30 + linear % 10])


def _position(position, length):
    if not isinstance(position, int):
        raise TypeError("error handler must return (str, int) tuple")
    place = position + length if position < 0 else position
    if not 0 <= place <= length:
        raise IndexError(f"position {position} from error handler out of bounds")
    return place


class _MultibyteCodec:
    """A codec, as `getcodec` of the codec modules gives it."""

    def __init__(self, name):
        self.name = name
        self._tables = None

    @property
    def _table(self):
        if self._tables is None:
            self._tables = _Table(self.name)
        return self._tables

    def encode(self, input, errors=None):
        """The str as bytes, and its length."""
        if not isinstance(input, str):
            raise TypeError("couldn't convert the object to str.")
        return self._encode(input, errors or "strict"), len(input)

    def decode(self, input, errors=None):
        """The bytes as a str, and their number."""
        data = bytes(memoryview(input))
        return self._decode(data, errors or "strict", True)[0], len(data)

    def _encode(self, text, errors):
        table = self._table
        try:
            return b"".join([table.encoded[character] for character in text])
        except KeyError:
            pass
        out, at = [], 0
        while at < len(text):
            found = table.encode(text[at])
            if found is not None:
                out.append(found)
                at += 1
                continue
            error = UnicodeEncodeError(self.name, text, at, at + 1, ILLEGAL)
            if errors == "strict":
                raise error
            if errors == "ignore":
                at += 1
                continue
            if errors == "replace":
                out.append(b"?")
                at += 1
                continue
            answer = _codecs.lookup_error(errors)(error)
            if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], (str, bytes))):
                raise TypeError("encoding error handler must return (str, int) tuple")
            replacement, position = answer
            at = _position(position, len(text))
            out.append(self._encode(replacement, "strict") if isinstance(replacement, str) else replacement)
        return b"".join(out)

    def _decode(self, data, errors, final):
        """The text and how many bytes it took; what is incomplete at the end stays unless `final`."""
        table = self._table
        out, at, ascii = [], 0, table.ascii
        while at < len(data):
            if data[at] < ascii:
                start = at
                while at < len(data) and data[at] < ascii:
                    at += 1
                out.append(data[start:at].decode("latin-1"))
                continue
            text, used = table.decode(data, at)
            if used > 0:
                out.append(text)
                at += used
                continue
            if used == 0 and not final:
                break
            end = at + 1 if used < 0 else len(data)
            error = UnicodeDecodeError(self.name, data, at, end, ILLEGAL if used < 0 else INCOMPLETE)
            if errors == "strict":
                raise error
            if errors == "ignore":
                at = end
                continue
            if errors == "replace":
                out.append("\ufffd")
                at = end
                continue
            answer = _codecs.lookup_error(errors)(error)
            if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], str)):
                raise TypeError("decoding error handler must return (str, int) tuple")
            out.append(answer[0])
            at = _position(answer[1], len(data))
        return "".join(out), at


def getcodec_of(*names):
    """The function `getcodec` of a module with these codecs."""
    made = {}

    def getcodec(name):
        if not isinstance(name, str):
            raise TypeError("encoding name must be a string.")
        if name not in names:
            raise LookupError("no such codec is supported.")
        if name not in made:
            made[name] = _MultibyteCodec(name)
        return made[name]

    return getcodec


class _WithErrors:
    def _set(self, errors):
        codec = getattr(type(self), "codec", None)
        if not isinstance(codec, _MultibyteCodec):
            raise TypeError("codec is unexpected type")
        if not isinstance(errors, str):
            raise TypeError("errors must be a string")
        self._errors = errors

    @property
    def errors(self):
        return self._errors

    @errors.setter
    def errors(self, errors):
        if not isinstance(errors, str):
            raise TypeError("errors must be a string")
        self._errors = errors


class MultibyteIncrementalEncoder(_WithErrors):
    def __init__(self, errors="strict"):
        self._set(errors)

    def encode(self, input, final=False):
        if not isinstance(input, str):
            raise TypeError("couldn't convert the object to str.")
        return self.codec._encode(input, self._errors)

    def reset(self):
        pass

    def getstate(self):
        return 0

    def setstate(self, state, /):
        if not isinstance(state, int):
            raise TypeError(f"setstate() argument must be int, not {type(state).__name__}")


class MultibyteIncrementalDecoder(_WithErrors):
    def __init__(self, errors="strict"):
        self._set(errors)
        self._pending = b""

    def decode(self, input, final=False):
        data = self._pending + bytes(memoryview(input))
        text, used = self.codec._decode(data, self._errors, final)
        self._pending = data[used:]
        return text

    def reset(self):
        self._pending = b""

    def getstate(self):
        return self._pending, 0

    def setstate(self, state, /):
        if not isinstance(state, tuple):
            raise TypeError(f"setstate() argument must be tuple, not {type(state).__name__}")
        pending, number = state
        if not isinstance(pending, bytes) or not isinstance(number, int):
            raise TypeError("setstate() argument must be a tuple of bytes and int")
        if len(pending) > 8:
            raise UnicodeError("pending buffer too large")
        self._pending = pending


class MultibyteStreamReader(_WithErrors):
    def __init__(self, stream, errors="strict"):
        self._set(errors)
        self.stream = stream
        self._pending = b""

    def _read(self, method, size):
        if size is not None and not isinstance(size, int):
            raise TypeError("arg 1 must be an integer")
        if size is None:
            size = -1
        while True:
            method_of = getattr(self.stream, method)
            more = method_of() if size < 0 else method_of(size)
            if not isinstance(more, bytes):
                raise TypeError(f"stream function returned a non-bytes object ({type(more).__name__})")
            data = self._pending + more
            at_end = size < 0 or not more
            text, used = self.codec._decode(data, self._errors, at_end)
            self._pending = data[used:]
            if text or at_end or size == 0:
                return text
            # Only a part of a character came.
            size = 1

    def read(self, size=None, /):
        return self._read("read", size)

    def readline(self, size=None, /):
        return self._read("readline", size)

    def readlines(self, sizehint=None, /):
        return self._read("read", sizehint).splitlines(True)

    def reset(self):
        self._pending = b""


class MultibyteStreamWriter(_WithErrors):
    def __init__(self, stream, errors="strict"):
        self._set(errors)
        self.stream = stream

    def write(self, strobj, /):
        if not isinstance(strobj, str):
            raise TypeError("couldn't convert the object to str.")
        self.stream.write(self.codec._encode(strobj, self._errors))

    def writelines(self, lines, /):
        for line in lines:
            self.write(line)

    def reset(self):
        pass
