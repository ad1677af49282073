# The characters of shift_jis_2004: those of euc_jis_2004, two rows in one.

import _multibyte_euc_jis_2004 as _euc
from _multibyte_shift_jis import SINGLE
from _multibytecodec import shifted as _shifted

ASCII = 128
TWO, COMBINED = _shifted(_euc)
TWO[0x81] = TWO[0x81][0], TWO[0x81][1].translate({0xFF3C: "\\", 0xFF5E: "~"})
THREE = {}
FOUR = []
ENCODED = {"¥": b"\\", "‾": b"~"}
NOT_ENCODED = "\\~"
LETTERS = {0x5C: "¥", 0x7E: "‾"}
