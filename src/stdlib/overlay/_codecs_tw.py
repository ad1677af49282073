"""The codecs big5, cp950, by tables."""

from _multibytecodec import getcodec_of as _getcodec_of

getcodec = _getcodec_of("big5", "cp950")
