"""The codecs gb2312, gbk, gb18030, by tables."""

from _multibytecodec import getcodec_of as _getcodec_of

getcodec = _getcodec_of("gb2312", "gbk", "gb18030")
