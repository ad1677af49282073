# The characters of johab: syllables are three times five bits for their letters, the other characters are those of euc_kr.

from _multibyte_euc_kr import TWO as _TWO

_INITIAL = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FINAL = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
# The numbers of the letters; the first one is that of no letter.
_MEDIALS = 2, *range(3, 8), *range(10, 16), *range(18, 24), *range(26, 30)
_FINALS = *range(1, 18), *range(19, 30)

ASCII = 128
SINGLE = {}
ENCODED = {}


def _fill():
    cells = {}

    def put(initial, medial, final, text):
        code = 0x8000 | initial << 10 | medial << 5 | final
        cells.setdefault(code >> 8, {})[code & 0xFF] = text
        return code.to_bytes(2)

    put(1, 2, 1, "\u3000")
    for number, letter in enumerate(_FINAL, 1):
        put(1, 2, _FINALS[number], letter)
    for medial in range(21):
        put(1, _MEDIALS[medial + 1], 1, chr(0x314F + medial))
    for initial, letter in enumerate(_INITIAL):
        ENCODED[letter] = put(initial + 2, 2, 1, letter)
        for medial in range(21):
            for final in range(28):
                put(initial + 2, _MEDIALS[medial + 1], _FINALS[final], chr(0xAC00 + (initial * 21 + medial) * 28 + final))
    known = set(_INITIAL + _FINAL)
    for lead, (first, row) in _TWO.items():
        for trail, text in enumerate(row, first):
            # Two rows in one; the rows of letters and syllables have their place above.
            line, column = lead - 0xA1, trail - 0xA1
            if text == "\ufffd" or 0xB0 <= lead <= 0xC8 or lead == 0xA4 and trail <= 0xD3:
                continue
            if line < 15:
                here = 0xD9 + line // 2
            elif line >= 41:
                here = 0xE0 + (line - 41) // 2
            else:
                continue
            place = column + (94 if (line if line < 15 else line - 41) % 2 else 0)
            cells.setdefault(here, {})[place + 0x31 if place < 0x4E else place + 0x43] = text
    cells[0xDA][0xD4] = "\u3164"
    ENCODED["\u3000"] = b"\xd9\x31"
    return {lead: (0x31, "".join([row.get(trail, "\ufffd") for trail in range(0x31, 0xFF)])) for lead, row in cells.items()}


TWO = _fill()
THREE = {}
FOUR = []
NOT_ENCODED = ""
