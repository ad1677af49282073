"""The codecs gb2312, gbk, gb18030, by tables, and hz, which switches to gb2312 and back."""

from _multibytecodec import StatefulCodec as _StatefulCodec, getcodec_of as _getcodec_of


class _Hz(_StatefulCodec):
    """The first byte of the state says whether characters take two bytes."""

    @property
    def _table(self):
        return getcodec("gb2312")._table

    def _end(self, state):
        if not state[0]:
            return b""
        state[0] = 0
        return b"~}"

    def _put(self, text, at, state, final):
        character = text[at]
        if character < "\x80":
            return self._end(state) + (b"~~" if character == "~" else character.encode("ascii")), 1
        found = self._table.encoded.get(character)
        if found is None:
            return None
        start = b"" if state[0] else b"~{"
        state[0] = 1
        return start + bytes([byte & 0x7F for byte in found]), 1

    def _get(self, data, at, state):
        byte, is_two = data[at], state[0]
        if byte == ord("~"):
            if at + 1 >= len(data):
                return "", 0
            second = chr(data[at + 1])
            if second == "~" and not is_two:
                return "~", 2
            if second == "\n" and not is_two:
                return "", 2
            if second == ("}" if is_two else "{"):
                state[0] = not is_two
                return "", 2
            return "", -1
        if byte >= 0x80:
            return "", -1
        if not is_two:
            return chr(byte), 1
        if at + 1 >= len(data):
            return "", 0
        if data[at + 1] >= 0x80:
            return "", -1
        return self._table.decode(bytes([byte | 0x80, data[at + 1] | 0x80]), 0) if byte > 0x20 else ("", -1)


getcodec = _getcodec_of("gb2312", "gbk", "gb18030", "hz", kinds={"hz": _Hz})
