"""The codecs of the family iso2022: escape sequences choose the character set.

The state is CPython's: the sets designated as G0 to G2, and a byte of flags.
"""

from _multibytecodec import StatefulCodec as _StatefulCodec, getcodec_of as _getcodec_of

_ASCII = ord("B")
_SHIFTED, _THROUGH = 1, 2
_ESCAPE, _SHIFT_OUT, _SHIFT_IN = 0x1B, 0x0E, 0x0F


class _Set:
    """A character set: its mark (with the high bit set for two bytes), and the ways there and back, made when they are needed."""

    def __init__(self, mark, make, plane=0):
        self.mark, self._make, self.plane = mark, make, plane
        self.width = 2 if mark & 0x80 else 1
        self._maps = None

    @property
    def maps(self):
        if self._maps is None:
            decoded, encoded = self._make()
            self._maps = decoded, encoded
        return self._maps


def _two(module, rows="TWO", least=0xA1):
    """The rows of a table in seven bits."""
    table = __import__("_multibyte_" + module)
    decoded, encoded = {}, {}
    for lead, (first, row) in getattr(table, rows).items():
        for trail, text in enumerate(row, first):
            if text != "\ufffd" and lead >= least and trail >= 0xA1:
                data = bytes([lead - 0x80, trail - 0x80])
                decoded[data] = text
                encoded.setdefault(text, data)
    for data, text in getattr(table, "COMBINED", {}).items():
        if rows == "TWO":
            data = bytes([byte - 0x80 for byte in data])
            decoded[data] = text
            encoded[text] = data
    return decoded, encoded


def _jisx0208():
    decoded, encoded = _two("euc_jp")
    decoded[b"!@"] = "\\"
    encoded.pop("\uff3c", None)
    return {**decoded, b"!@": "\uff3c"}, {**encoded, "\uff3c": b"!@"}


def _jisx0201_roman():
    decoded = {bytes([code]): chr(code) for code in range(0x80)}
    decoded[b"\\"], decoded[b"~"] = "\xa5", "\u203e"
    return decoded, {text: data for data, text in decoded.items()}


def _jisx0201_katakana():
    decoded = {bytes([code]): chr(code + 0xFF40) for code in range(0x21, 0x60)}
    return decoded, {text: data for data, text in decoded.items()}


def _jisx0213(module, rows="TWO"):
    def make():
        decoded, encoded = _two(module, rows)
        # The wide tilde is there in EUC only; here it is a plain one.
        if rows == "TWO":
            decoded[b'"2'] = "~"
        encoded.pop("\uff5e", None)
        return decoded, encoded

    return make


_JISX0208 = _Set(ord("B") | 0x80, _jisx0208)
_JISX0208_OLD = _Set(ord("@") | 0x80, _jisx0208)
_JISX0212 = _Set(ord("D") | 0x80, lambda: _two("euc_jp", "THREE"))
_ROMAN = _Set(ord("J"), _jisx0201_roman)
_KATAKANA = _Set(ord("I"), _jisx0201_katakana)
_KOREAN = _Set(ord("C") | 0x80, lambda: _two("euc_kr"))
_KOREAN_G1 = _Set(ord("C") | 0x80, lambda: _two("euc_kr"), 1)
_CHINESE = _Set(ord("A") | 0x80, lambda: _two("gb2312"))
_LATIN = _Set(ord("A"), lambda: ({}, {}), 2)
_GREEK = _Set(ord("F"), lambda: ({}, {}), 2)
_JISX0213_2000 = _Set(ord("O") | 0x80, _jisx0213("euc_jisx0213"))
_JISX0213_2000_SECOND = _Set(ord("P") | 0x80, _jisx0213("euc_jisx0213", "PLANE"))
_JISX0213_2004 = _Set(ord("Q") | 0x80, _jisx0213("euc_jis_2004"))
_JISX0213_2004_SECOND = _Set(ord("P") | 0x80, _jisx0213("euc_jis_2004", "PLANE"))

_WITH_PAIRS = _JISX0213_2000.mark, _JISX0213_2004.mark

# By codec: the sets in the order in which a character is looked for, whether SO and SI shift, whether there is a G2.
_CODECS = {
    "iso2022_kr": ((_KOREAN_G1,), True, False),
    "iso2022_jp": ((_JISX0208, _ROMAN, _JISX0208_OLD), False, False),
    "iso2022_jp_1": ((_JISX0208, _JISX0212, _ROMAN, _JISX0208_OLD), False, False),
    "iso2022_jp_2": ((_JISX0208, _JISX0212, _KOREAN, _CHINESE, _ROMAN, _JISX0208_OLD, _LATIN, _GREEK), False, True),
    "iso2022_jp_2004": ((_JISX0208, _JISX0213_2004, _JISX0213_2004_SECOND), False, False),
    "iso2022_jp_3": ((_JISX0208, _JISX0213_2000, _JISX0213_2000_SECOND), False, False),
    "iso2022_jp_ext": ((_JISX0208, _JISX0212, _ROMAN, _KATAKANA, _JISX0208_OLD), False, False),
}


class _Iso2022(_StatefulCodec):
    def __init__(self, name):
        super().__init__(name)
        self._sets, self._shifts, self._has_g2 = _CODECS[name]
        self._known_pairs = None

    @property
    def _pairs(self):
        """Characters of two code points, and the set that has them."""
        if self._known_pairs is None:
            self._known_pairs = {}
            for charset in self._sets:
                if charset.mark in _WITH_PAIRS:
                    self._known_pairs |= {text: charset for text in charset.maps[1] if len(text) == 2}
        return self._known_pairs

    def _start_encoding(self):
        return bytearray([_ASCII, _ASCII, 0, 0, 0, 0, 0, 0])

    def _start_decoding(self):
        return bytearray([_ASCII, _ASCII, _ASCII, 0, 0, 0, 0, 0])

    def _end(self, state):
        out = b""
        if state[4] & _SHIFTED:
            state[4] &= ~_SHIFTED
            out += b"\x0f"
        if state[0] != _ASCII:
            state[0] = _ASCII
            out += b"\x1b(B"
        return out

    def _put(self, text, at, state, final):
        character = text[at]
        if character < "\x80":
            out = b""
            if state[0] != _ASCII:
                state[0] = _ASCII
                out += b"\x1b(B"
            if state[4] & _SHIFTED:
                state[4] &= ~_SHIFTED
                out += b"\x0f"
            return out + character.encode("ascii"), 1
        pair = text[at : at + 2]
        if pair in self._pairs:
            charset = self._pairs[pair]
            return self._designate(charset, state) + charset.maps[1][pair], 2
        if len(pair) < 2 and not final and any([other[0] == character for other in self._pairs]):
            return b"", 0
        for charset in self._sets:
            encoded = charset.maps[1]
            if character in encoded:
                return self._designate(charset, state) + encoded[character], 1
        return None

    def _designate(self, charset, state):
        out = b""
        mark = bytes([charset.mark & 0x7F])
        if charset.plane == 0:
            if state[4] & _SHIFTED:
                state[4] &= ~_SHIFTED
                out += b"\x0f"
            if state[0] != charset.mark:
                state[0] = charset.mark
                out += (b"\x1b(" if charset.width == 1 else b"\x1b$" if mark in b"B@A" else b"\x1b$(") + mark
            return out
        if state[1] != charset.mark:
            state[1] = charset.mark
            out += (b"\x1b)" if charset.width == 1 else b"\x1b$)") + mark
        if not state[4] & _SHIFTED:
            state[4] |= _SHIFTED
            out += b"\x0e"
        return out

    def _get(self, data, at, state):
        byte = data[at]
        if state[4] & _THROUGH:
            if _ends(byte):
                state[4] &= ~_THROUGH
            return chr(byte), 1
        if byte == _ESCAPE:
            if at + 1 >= len(data):
                return "", 0
            second = data[at + 1]
            if second in b"()$.&":
                return "", self._escape(data, at, state)
            if self._has_g2 and second == ord("N"):
                return self._second_shift(data, at, state)
            state[4] |= _THROUGH
            return "\x1b", 1
        if self._shifts and byte in (_SHIFT_OUT, _SHIFT_IN):
            state[4] = state[4] | _SHIFTED if byte == _SHIFT_OUT else state[4] & ~_SHIFTED
            return "", 1
        if byte == 0x0A:
            state[4] &= ~_SHIFTED
            return "\n", 1
        mark = state[1] if state[4] & _SHIFTED else state[0]
        if byte < 0x20 or mark == _ASCII and byte < 0x80:
            return chr(byte), 1
        if byte >= 0x80:
            return "", -1
        for charset in self._sets:
            if charset.mark == mark:
                break
        else:
            return "", -1
        if at + charset.width > len(data):
            return "", 0
        text = charset.maps[0].get(data[at : at + charset.width])
        return (text, charset.width) if text is not None else ("", -charset.width)

    def _escape(self, data, at, state):
        """Obeys an escape sequence; how many bytes it has, negative if it is not understood."""
        place = 1
        while True:
            if place >= 16:
                return -1
            if at + place >= len(data):
                return 0
            if _ends(data[at + place]):
                length = place + 1
                break
            if not self._shifts and data[at + place : at + place + 2] == b"&@":
                place += 2
            place += 1
        sequence = data[at : at + length]
        if length == 3:
            mark = sequence[2]
            if sequence[1] == ord("$"):
                mark |= 0x80
                which = 0
            else:
                which = {"(": 0, ")": 1, ".": 2 if self._has_g2 else None}.get(chr(sequence[1]))
                if which is None:
                    return -3
        elif length == 4:
            which = {"(": 0, ")": 1}.get(chr(sequence[2]))
            if sequence[1] != ord("$") or which is None:
                return -4
            mark = sequence[3] | 0x80
        elif length == 6 and not self._shifts and sequence[3:] == b"\x1b$B":
            mark, which = ord("B") | 0x80, 0
        else:
            return -length
        if mark != _ASCII and all([charset.mark != mark for charset in self._sets]):
            return -length
        state[which] = mark
        return length

    def _second_shift(self, data, at, state):
        if at + 2 >= len(data):
            return "", 0
        byte = data[at + 2]
        if state[2] == ord("A") and byte < 0x80:
            return chr(byte + 0x80), 3
        if state[2] == ord("F"):
            text = bytes([byte ^ 0x80]).decode("iso8859-7", "ignore")
            return (text, 3) if text else ("", -3)
        if state[2] == _ASCII and byte < 0x80:
            return chr(byte), 3
        return "", -3


def _ends(byte):
    return 0x41 <= byte <= 0x5A or byte == 0x40


getcodec = _getcodec_of(*_CODECS, kinds={name: _Iso2022 for name in _CODECS})
