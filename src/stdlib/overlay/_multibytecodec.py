"""Codecs in which a character takes one to four bytes, from tables: those of China, Japan, Korea and Taiwan.

CPython has them in C; here the tables are modules of their own (`_multibyte_NAME`), loaded with the first use of the codec. The state
of a codec is eight bytes, which only those that switch between character sets use; besides it an incremental decoder keeps the first
bytes of a character, and an incremental encoder characters that the next one may join.
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
        # Characters of two code points, by their bytes and the other way round.
        self.combined = getattr(module, "COMBINED", {})
        self.pairs = {text: data for data, text in self.combined.items()}
        self.bases = {text[0] for text in self.pairs}
        # What stands in the place of ASCII characters.
        self.letters = getattr(module, "LETTERS", {})
        # Where a byte that starts nothing is known at once; elsewhere it takes a second one.
        self.quick = name.startswith("shift_jis")
        # Korean syllables that have no place of their own are written letter by letter.
        self.syllables = name == "euc_kr"
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
        for text in module.NOT_ENCODED:
            encoded.pop(text, None)
        for text, data in self.letters.items():
            text = chr(text)
            for lead, (first, row) in module.TWO.items():
                if text in row:
                    encoded[text] = bytes([lead, first + row.index(text)])
        encoded.update(module.ENCODED)

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
        if found is None and self.syllables and "\uac00" <= character <= "\ud7a3":
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
        if self.syllables and lead == 0xA4 and trail == 0xD4:
            if at + 8 > len(data):
                return "", 0
            syllable = _syllable(data[at : at + 8])
            return (syllable, 8) if syllable else ("", -1)
        if self.four and 0x30 <= trail <= 0x39:
            return self._decode_four(data, at)
        if self.combined and start == at and data[at : at + 2] in self.combined:
            return self.combined[data[at : at + 2]], 2
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


def merged(base, rows):
    """Rows over those of another table; a space is what stood there."""
    result = dict(base)
    for lead, (first, row) in rows.items():
        old_first, old = base.get(lead, (first, ""))
        start = min(first, old_first)
        cells = ["\ufffd"] * (max(first + len(row), old_first + len(old)) - start)
        cells[old_first - start : old_first - start + len(old)] = old
        for place, character in enumerate(row, first - start):
            if character != " ":
                cells[place] = character
        result[lead] = start, "".join(cells)
    return result


def shifted(euc):
    """The rows of a table of JIS X 0213 as shift_jis has them: two in one; and the characters of two code points."""
    places = {}
    for row in range(1, 95):
        places[row] = False, row - 1
    for number, row in enumerate((1, 8, 3, 4, 5, 12, 13, 14, 15, *range(78, 95))):
        places[row + 100] = True, 94 + number
    cells, combined = {}, {}

    def place(row, column):
        pair = row // 2
        lead = pair + (0x81 if pair < 31 else 0xC1)
        trail = column + 0x9E if row % 2 else column + 0x3F + (column >= 64)
        return lead, trail

    for is_second, rows in (False, euc.TWO), (True, euc.PLANE):
        for lead, (first, text) in rows.items():
            known = places.get(lead - 0xA0 + 100 * is_second)
            if lead < 0xA1 or known is None:
                continue
            for column, character in enumerate(text, first - 0xA0):
                if character != "\ufffd":
                    lead_here, trail = place(known[1], column)
                    cells.setdefault(lead_here, {})[trail] = character
    for data, text in euc.COMBINED.items():
        combined[bytes(place(data[0] - 0xA1, data[1] - 0xA0))] = text
    return {lead: (0x40, "".join([row.get(trail, "\ufffd") for trail in range(0x40, 0xFD)])) for lead, row in cells.items()}, combined


class _MultibyteCodec:
    """A codec, as `getcodec` of the codec modules gives it: by a table, without a state."""

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
        return self._encode(input, errors or "strict", self._start_encoding())[0], len(input)

    def decode(self, input, errors=None):
        """The bytes as a str, and their number."""
        data = bytes(memoryview(input))
        return self._decode(data, errors or "strict", self._start_decoding(), True)[0], len(data)

    # What another kind of codec does in another way: the state at the start and what brings it back there; the bytes of the character
    # at a position and how many code points they stand for (0 if the next one decides, None if it has none); the text of the bytes
    # at a position and how many they are (0 if there are too few, negative if so many are wrong); bytes that are taken as they are.

    def _start_encoding(self):
        return bytearray(8)

    _start_decoding = _start_encoding

    def _end(self, state):
        return b""

    def _put(self, text, at, state, final):
        table = self._table
        if text[at] in table.bases:
            pair = text[at : at + 2]
            if len(pair) < 2 and not final:
                return b"", 0
            if pair in table.pairs:
                return table.pairs[pair], 2
        found = table.encode(text[at])
        return None if found is None else (found, 1)

    def _get(self, data, at, state):
        text, used = self._table.decode(data, at)
        return text, used

    def _run(self, data, at, state):
        ascii, start = self._table.ascii, at
        while at < len(data) and data[at] < ascii:
            at += 1
        text = data[start:at].decode("latin-1")
        return text.translate(self._table.letters) if self._table.letters else text

    def _whole(self, text):
        """The bytes at once where nothing has to be looked at twice."""
        if self._table.pairs:
            return None
        encoded = self._table.encoded
        try:
            return b"".join([encoded[character] for character in text])
        except KeyError:
            return None

    def _encode(self, text, errors, state, final=True):
        """The bytes, and how many characters they stand for."""
        whole = self._whole(text)
        if whole is not None:
            return whole, len(text)
        out, at = [], 0
        while at < len(text):
            found = self._put(text, at, state, final)
            if found is not None:
                if found[1] == 0:
                    break
                out.append(found[0])
                at += found[1]
                continue
            error = UnicodeEncodeError(self.name, text, at, at + 1, ILLEGAL)
            if errors == "strict":
                raise error
            if errors == "ignore":
                at += 1
                continue
            if errors == "replace":
                found = self._put("?", 0, state, True)
                out.append(b"?" if found is None else found[0])
                at += 1
                continue
            answer = _codecs.lookup_error(errors)(error)
            if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], (str, bytes))):
                raise TypeError("encoding error handler must return (str, int) tuple")
            replacement, position = answer
            at = _position(position, len(text))
            out.append(self._encode(replacement, "strict", state)[0] if isinstance(replacement, str) else replacement)
        if final:
            out.append(self._end(state))
        return b"".join(out), at

    def _decode(self, data, errors, state, final):
        """The text and how many bytes it took; what is incomplete at the end stays unless `final`."""
        out, at = [], 0
        while at < len(data):
            run = self._run(data, at, state)
            if run:
                out.append(run)
                at += len(run)
                continue
            text, used = self._get(data, at, state)
            if used > 0:
                out.append(text)
                at += used
                continue
            if used == 0 and not final:
                break
            end = at - used if used < 0 else len(data)
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


class StatefulCodec(_MultibyteCodec):
    """A codec that switches between character sets; the kinds say how."""

    def _run(self, data, at, state):
        return ""

    def _whole(self, text):
        return None


def getcodec_of(*names, kinds={}):
    """The function `getcodec` of a module with these codecs; some are of other kinds."""
    made = {}

    def getcodec(name):
        if not isinstance(name, str):
            raise TypeError("encoding name must be a string.")
        if name not in names:
            raise LookupError("no such codec is supported.")
        if name not in made:
            made[name] = kinds.get(name, _MultibyteCodec)(name)
        return made[name]

    return getcodec


class _WithErrors:
    def _set(self, errors):
        codec = self.codec
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


def _state_of(number, size):
    if number < 0:
        raise OverflowError("can't convert negative int to unsigned")
    try:
        return bytearray(number.to_bytes(size, "little"))
    except OverflowError:
        raise OverflowError("int too big to convert") from None


class MultibyteIncrementalEncoder(_WithErrors):
    def __init__(self, errors="strict"):
        self._set(errors)
        self.reset()

    def encode(self, input, final=False):
        if not isinstance(input, str):
            raise TypeError("couldn't convert the object to str.")
        text = self._pending + input
        data, used = self.codec._encode(text, self._errors, self._state, bool(final))
        self._pending = text[used:]
        return data

    def reset(self):
        self._pending = ""
        self._state = self.codec._start_encoding()

    def getstate(self):
        pending = self._pending.encode("utf-8")
        return int.from_bytes(bytes([len(pending)]) + pending + self._state, "little")

    def setstate(self, state, /):
        if not isinstance(state, int):
            raise TypeError(f"setstate() argument must be int, not {type(state).__name__}")
        data = _state_of(state, 17)
        if data[0] > 8:
            raise UnicodeError("pending buffer too large")
        self._pending = data[1 : 1 + data[0]].decode("utf-8")
        self._state = data[1 + data[0] :][:8]


class MultibyteIncrementalDecoder(_WithErrors):
    def __init__(self, errors="strict"):
        self._set(errors)
        self.reset()

    def decode(self, input, final=False):
        data = self._pending + bytes(memoryview(input))
        text, used = self.codec._decode(data, self._errors, self._state, final)
        self._pending = data[used:]
        return text

    def reset(self):
        self._pending = b""
        self._state = self.codec._start_decoding()

    def getstate(self):
        return self._pending, int.from_bytes(self._state, "little")

    def setstate(self, state, /):
        if not isinstance(state, tuple):
            raise TypeError(f"setstate() argument must be tuple, not {type(state).__name__}")
        if len(state) != 2 or not isinstance(state[0], bytes) or not isinstance(state[1], int):
            raise TypeError("setstate(): illegal state argument")
        pending, number = state
        if len(pending) > 8:
            raise UnicodeDecodeError(self.codec.name, pending, 0, len(pending), "pending buffer too large")
        self._state = _state_of(number, 8)
        self._pending = pending


class MultibyteStreamReader(_WithErrors):
    def __init__(self, stream, errors="strict"):
        self._set(errors)
        self.stream = stream
        self.reset()

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
            text, used = self.codec._decode(data, self._errors, self._state, at_end)
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
        self._state = self.codec._start_decoding()


class MultibyteStreamWriter(_WithErrors):
    def __init__(self, stream, errors="strict"):
        self._set(errors)
        self.stream = stream
        self._pending = ""
        self._state = self.codec._start_encoding()

    def write(self, strobj, /):
        if not isinstance(strobj, str):
            raise TypeError("couldn't convert the object to str.")
        text = self._pending + strobj
        data, used = self.codec._encode(text, self._errors, self._state, False)
        self._pending = text[used:]
        self.stream.write(data)

    def writelines(self, lines, /):
        for line in lines:
            self.write(line)

    def reset(self):
        data = self.codec._encode(self._pending, self._errors, self._state)[0]
        self._pending = ""
        self._state = self.codec._start_encoding()
        if data:
            self.stream.write(data)
