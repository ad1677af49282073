# The characters of cp949: those of euc_kr, and the syllables that it lacks, in their order, where it has no characters.

from _multibyte_euc_kr import TWO as _TWO

ASCII = 128
SINGLE = {}
TWO = {}


def _fill():
    known = {character for _, row in _TWO.values() for character in row}
    known.add("\ufffd")
    syllables = (chr(code) for code in range(0xAC00, 0xD7A4) if chr(code) not in known)
    for lead in range(0x81, 0xFE + 1):
        first, row = _TWO.get(lead, (0xA1, ""))
        cells = ["\ufffd"] * (first - 0x41) + list(row)
        for trail in [*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0x81, 0xA1 if lead >= 0xA1 else 0xFF)]:
            if lead > 0xC6 or lead == 0xC6 and trail > 0x52:
                break
            cells += ["\ufffd"] * (trail - 0x41 + 1 - len(cells))
            cells[trail - 0x41] = next(syllables, "\ufffd")
        if lead == 0xA4:
            cells[0xD4 - 0x41] = "\u3164"
        if row or any([cell != "\ufffd" for cell in cells]):
            TWO[lead] = 0x41, "".join(cells)


_fill()
THREE = {}
FOUR = []
ENCODED = {}
NOT_ENCODED = ''
