"""The codecs shift_jis, cp932, euc_jp, by tables."""

from _multibytecodec import getcodec_of as _getcodec_of

getcodec = _getcodec_of("shift_jis", "cp932", "euc_jp")
