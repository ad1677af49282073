"""The codecs shift_jis, cp932, euc_jp and those of JIS X 0213, by tables."""

from _multibytecodec import getcodec_of as _getcodec_of

getcodec = _getcodec_of("shift_jis", "cp932", "euc_jp", "shift_jis_2004", "euc_jis_2004", "euc_jisx0213", "shift_jisx0213")
