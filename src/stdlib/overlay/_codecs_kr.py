"""The codecs euc_kr, cp949 and johab, by tables."""

from _multibytecodec import getcodec_of as _getcodec_of

getcodec = _getcodec_of("euc_kr", "cp949", "johab")
