"""The codec big5hkscs, by a table."""

from _multibytecodec import getcodec_of as _getcodec_of

getcodec = _getcodec_of("big5hkscs")
