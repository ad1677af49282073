"""Zstandard: what `compression.zstd` is built on. Blocks are made and taken apart by `_zstdblocks`; the rest is here.

Any frame can be read. What is written is right, but not libzstd's byte by byte: of the parameters, the level, the window and the flags of
the header have a meaning.
"""

import zlib as _zlib
from operator import index as _index

from _zstdblocks import Decoder as _Decoder, Encoder as _Encoder, check_dictionary as _check_dictionary, frame_header as _frame_header

zstd_version = "1.5.7"
zstd_version_number = 10507
ZSTD_CLEVEL_DEFAULT = 3
ZSTD_DStreamOutSize = 131072

(ZSTD_fast, ZSTD_dfast, ZSTD_greedy, ZSTD_lazy, ZSTD_lazy2, ZSTD_btlazy2, ZSTD_btopt, ZSTD_btultra, ZSTD_btultra2) = range(1, 10)

ZSTD_c_compressionLevel = 100
ZSTD_c_windowLog = 101
ZSTD_c_hashLog = 102
ZSTD_c_chainLog = 103
ZSTD_c_searchLog = 104
ZSTD_c_minMatch = 105
ZSTD_c_targetLength = 106
ZSTD_c_strategy = 107
ZSTD_c_enableLongDistanceMatching = 160
ZSTD_c_ldmHashLog = 161
ZSTD_c_ldmMinMatch = 162
ZSTD_c_ldmBucketSizeLog = 163
ZSTD_c_ldmHashRateLog = 164
ZSTD_c_contentSizeFlag = 200
ZSTD_c_checksumFlag = 201
ZSTD_c_dictIDFlag = 202
ZSTD_c_nbWorkers = 400
ZSTD_c_jobSize = 401
ZSTD_c_overlapLog = 402
ZSTD_d_windowLogMax = 100

# By number: the name in messages, the least and the greatest value.
_COMPRESSION = {
    100: ("compression_level", -131072, 22),
    101: ("window_log", 10, 30),
    102: ("hash_log", 6, 30),
    103: ("chain_log", 6, 29),
    104: ("search_log", 1, 29),
    105: ("min_match", 3, 7),
    106: ("target_length", 0, 131072),
    107: ("strategy", 1, 9),
    160: ("enable_long_distance_matching", 0, 2),
    161: ("ldm_hash_log", 6, 30),
    162: ("ldm_min_match", 4, 4096),
    163: ("ldm_bucket_size_log", 1, 8),
    164: ("ldm_hash_rate_log", 0, 24),
    200: ("content_size_flag", 0, 1),
    201: ("checksum_flag", 0, 1),
    202: ("dict_id_flag", 0, 1),
    400: ("nb_workers", 0, 0),
    401: ("job_size", 0, 0),
    402: ("overlap_log", 0, 0),
}
_DECOMPRESSION = {100: ("window_log_max", 10, 30)}

_BLOCK = 131072
_MAGIC = b"\x28\xb5\x2f\xfd"
_DICTIONARY_MAGIC = b"\x37\xa4\x30\xec"

# The tables of the dictionaries that are made here: those of some text, as `zstd --train` writes them.
_TABLES = bytes.fromhex(
    "51102886510f41eaaa03873fb4fda8e275c4277e47c459c59d10ea80ee29d68f68b805df870ef691607ea816db47ed8686867227417f28fd7fa48891949494a4"
    "2d1b164457a846010000000060feed160004230300983ebe1c03000000042001000227308d54c933000000000000000000000000000000000000000000"
    "74e24f3f040006a01088c2500c00001802000000b8010000010000000400000008000000"
)

_parameter_types = (), ()


class ZstdError(Exception):
    """An error occurred in the zstd library."""

    __module__ = "compression.zstd"


def _bytes(data):
    if isinstance(data, str):
        raise TypeError("a bytes-like object is required, not 'str'")
    return data if type(data) is bytes else bytes(memoryview(data))


def _c_int(value):
    value = _index(value)
    if not -(2**31) <= value < 2**31:
        raise OverflowError("Python int too large to convert to C int")
    return value


def _options(options, kind, others, known):
    """The checked options as a dict of numbers."""
    result = {}
    for key, value in options.items():
        if others and isinstance(key, others):
            raise TypeError(f"compression options dictionary key must not be a {others.__name__} attribute")
        key, value = _c_int(key), _c_int(value)
        if key == 100 and kind == "compression":
            _check_level(value)
        elif key not in known:
            raise ValueError(f"invalid {kind} parameter 'unknown parameter (key {key})'")
        name, low, high = known[key]
        if not low <= value <= high:
            raise ValueError(f"{kind} parameter '{name}' received an illegal value {value}; the valid range is [{low}, {high}]")
        result[key] = value
    return result


def _check_level(level):
    if not -(2**31) <= level < 2**31:
        raise ValueError("illegal compression level; the valid range is [-131072, 22]")
    if not -131072 <= level <= 22:
        raise ValueError(f"illegal compression level {level}; the valid range is [-131072, 22]")


class ZstdDict:
    """Represents a Zstandard dictionary.

    dict_content
      The content of a Zstandard dictionary as a bytes-like object.
    is_raw
      If true, *dict_content* is not checked; otherwise it has to be a dictionary with a header.

    One dictionary can be shared by many ZstdCompressor or ZstdDecompressor objects.
    """

    __module__ = "compression.zstd"
    __slots__ = "_content", "_id"

    def __new__(cls, dict_content, /, *, is_raw=False):
        content = _bytes(dict_content)
        if len(content) < 8:
            raise ValueError("Zstandard dictionary content too short (must have at least eight bytes)")
        number = int.from_bytes(content[4:8], "little") if content[:4] == _DICTIONARY_MAGIC else 0
        if not is_raw and not number:
            raise ValueError("invalid Zstandard dictionary")
        self = object.__new__(cls)
        self._content, self._id = content, number
        return self

    def __repr__(self):
        return f"<ZstdDict dict_id={self._id} dict_size={len(self._content)}>"

    def __len__(self):
        return len(self._content)

    def __reduce__(self):
        raise TypeError("cannot pickle 'compression.zstd.ZstdDict' object")

    @property
    def dict_id(self):
        """The Zstandard dictionary, an int between 0 and 2**32; zero for raw content."""
        return self._id

    @property
    def dict_content(self):
        """The content of a Zstandard dictionary, as a bytes object."""
        return self._content

    @property
    def as_digested_dict(self):
        """Load as a digested dictionary to compressor."""
        return self, 0

    @property
    def as_undigested_dict(self):
        """Load as an undigested dictionary to compressor."""
        return self, 1

    @property
    def as_prefix(self):
        """Load as a prefix to compressor/decompressor."""
        return self, 2


def _dictionary(zstd_dict, instance):
    """The dictionary of an argument and whether it is a prefix."""
    if isinstance(zstd_dict, ZstdDict):
        return zstd_dict, False
    if isinstance(zstd_dict, tuple) and len(zstd_dict) == 2 and isinstance(zstd_dict[0], ZstdDict) and isinstance(zstd_dict[1], int):
        if _c_int(zstd_dict[1]) in (0, 1, 2):
            return zstd_dict[0], zstd_dict[1] == 2
    raise TypeError("zstd_dict argument should be a ZstdDict object.")


class ZstdCompressor:
    """Create a compressor object for compressing data incrementally.

    level
      The compression level to use. Defaults to COMPRESSION_LEVEL_DEFAULT.
    options
      A dict object that contains advanced compression parameters.
    zstd_dict
      A ZstdDict object, a pre-trained Zstandard dictionary.

    Thread-safe at method level. For one-shot compression, use the compress() function instead.
    """

    __module__ = "compression.zstd"
    __slots__ = "_options", "_level", "_content", "_dictionary", "_last_mode", "_pledged", "_encoder", "_pending", "_size", "_total"

    CONTINUE = 0
    FLUSH_BLOCK = 1
    FLUSH_FRAME = 2

    def __new__(cls, level=None, options=None, zstd_dict=None):
        self = object.__new__(cls)
        if level is not None and options is not None:
            raise TypeError("Only one of level or options should be used.")
        self._options, self._level = {}, ZSTD_CLEVEL_DEFAULT
        if level is not None:
            if not isinstance(level, int):
                raise TypeError("invalid type for level, expected int")
            _check_level(level)
            self._level = int(level)
        elif options is not None:
            if not isinstance(options, dict):
                raise TypeError(f"ZstdCompressor() argument 'options' must be dict, not {type(options).__name__}")
            self._options = _options(options, "compression", _parameter_types[1], _COMPRESSION)
            self._level = self._options.get(ZSTD_c_compressionLevel, self._level)
        self._content, self._dictionary = b"", 0
        if zstd_dict is not None:
            dictionary, is_prefix = _dictionary(zstd_dict, self)
            self._content = dictionary.dict_content
            if self._content[:4] == _DICTIONARY_MAGIC and not is_prefix:
                try:
                    start = _check_dictionary(self._content)
                except ValueError:
                    start = -1
                if start < 0:
                    raise ZstdError("Failed to create a ZSTD_CDict instance from Zstandard dictionary content.")
                self._content = self._content[start:]
                self._dictionary = dictionary.dict_id
        self._last_mode = self.FLUSH_FRAME
        self._reset()
        return self

    def _reset(self):
        # The number of bytes that the frame shall have, and what of it has come.
        self._pledged = None
        self._encoder = None
        self._pending = []
        self._size = 0
        self._total = 0

    def __reduce__(self):
        raise TypeError("cannot pickle 'compression.zstd.ZstdCompressor' object")

    @property
    def last_mode(self):
        """The last mode used to this compressor object: CONTINUE, FLUSH_BLOCK or, as in the beginning, FLUSH_FRAME."""
        return self._last_mode

    def set_pledged_input_size(self, size, /):
        """Set the uncompressed content size to be written into the frame header.

        size
          The size of the uncompressed data to be provided to the compressor, or None.

        It has to be called between frames, and the size has to be the real one.
        """
        if size is not None:
            if not isinstance(size, int):
                raise TypeError("an integer is required")
            if not 0 <= size < 2**64 - 2:
                raise ValueError("size argument should be a positive int less than 18446744073709551614")
        if self._last_mode != self.FLUSH_FRAME:
            raise ValueError("set_pledged_input_size() method must be called when last_mode == FLUSH_FRAME")
        self._pledged = size

    def compress(self, data, mode=CONTINUE):
        """Provide data to the compressor object.

        mode
          Can be these 3 values ZstdCompressor.CONTINUE, ZstdCompressor.FLUSH_BLOCK, ZstdCompressor.FLUSH_FRAME

        Return a chunk of compressed data if possible, or b'' otherwise. When you have finished providing data to the
        compressor, call the flush() method to finish the compression process.
        """
        mode = _index(mode)
        if mode not in (0, 1, 2):
            raise ValueError(
                "mode argument wrong value, it should be one of ZstdCompressor.CONTINUE, ZstdCompressor.FLUSH_BLOCK, ZstdCompressor.FLUSH_FRAME."
            )
        return self._feed(_bytes(data), mode)

    def flush(self, mode=FLUSH_FRAME):
        """Finish the compression process.

        mode
          Can be these 2 values ZstdCompressor.FLUSH_FRAME, ZstdCompressor.FLUSH_BLOCK

        Flush any remaining data left in internal buffers. Since Zstandard data consists of one or more independent frames, the
        compressor object can still be used after this method is called.
        """
        mode = _index(mode)
        if mode not in (1, 2):
            raise ValueError("mode argument wrong value, it should be ZstdCompressor.FLUSH_FRAME or ZstdCompressor.FLUSH_BLOCK.")
        return self._feed(b"", mode)

    def _feed(self, data, mode):
        if mode == self.FLUSH_FRAME and self._last_mode == self.FLUSH_FRAME and (data or self._pledged is None):
            # All of the frame at once.
            self._pledged = len(data)
        self._total += len(data)
        pledged = self._pledged
        if pledged is not None and (self._total > pledged or mode == self.FLUSH_FRAME and self._total < pledged):
            self._reset()
            self._last_mode = self.FLUSH_FRAME
            raise ZstdError("Unable to compress Zstandard data: Src size is incorrect")
        if data:
            self._pending.append(data)
            self._size += len(data)
        self._last_mode = mode
        if mode == self.CONTINUE and self._size < 2 * _BLOCK or mode == self.FLUSH_BLOCK and not self._size:
            return b""
        whole = self._pending[0] if len(self._pending) == 1 else b"".join(self._pending)
        header = b"" if self._encoder else self._start()
        rest = b""
        if mode == self.CONTINUE:
            rest = whole[len(whole) - len(whole) % _BLOCK :]
            whole = whole[: len(whole) - len(rest)]
        self._pending, self._size = [rest] if rest else [], len(rest)
        out = header + self._encoder.encode(whole, mode == self.FLUSH_FRAME)
        if mode == self.FLUSH_FRAME:
            if self._options.get(ZSTD_c_checksumFlag):
                out += self._encoder.checksum().to_bytes(4, "little")
            self._reset()
        return out

    def _start(self):
        """Make the encoder of a frame; the frame's header."""
        level = self._level or ZSTD_CLEVEL_DEFAULT
        window = self._options.get(ZSTD_c_windowLog) or (19 if level <= 1 else 20 if level == 2 else 21 if level <= 12 else 22)
        size = self._pledged if self._options.get(ZSTD_c_contentSizeFlag, 1) else None
        is_single = size is not None and size <= 1 << window
        descriptor = 4 if self._options.get(ZSTD_c_checksumFlag) else 0
        header = b""
        if is_single:
            descriptor |= 0x20
            window = max(10, size.bit_length())
        else:
            header += bytes([window - 10 << 3])
        if self._dictionary and self._options.get(ZSTD_c_dictIDFlag, 1):
            kind = 1 if self._dictionary < 1 << 8 else 2 if self._dictionary < 1 << 16 else 3
            descriptor |= kind
            header += self._dictionary.to_bytes((0, 1, 2, 4)[kind], "little")
        if size is not None:
            kind = 0 if is_single and size < 256 else 1 if 256 <= size < 65536 + 256 else 2 if size < 1 << 32 else 3
            descriptor |= kind << 6
            header += (size - 256 if kind == 1 else size).to_bytes((1, 2, 4, 8)[kind], "little")
        self._encoder = _Encoder(level, window, self._content)
        return _MAGIC + bytes([descriptor]) + header


class ZstdDecompressor:
    """Create a decompressor object for decompressing data incrementally.

    zstd_dict
      A ZstdDict object, a pre-trained Zstandard dictionary.
    options
      A dict object that contains advanced decompression parameters.

    Thread-safe at method level. For one-shot decompression, use the decompress() function instead.
    """

    __module__ = "compression.zstd"
    __slots__ = ("_decoder",)

    def __new__(cls, zstd_dict=None, options=None):
        self = object.__new__(cls)
        dictionary = None
        if zstd_dict is not None:
            dictionary, is_prefix = _dictionary(zstd_dict, self)
        window = 27
        if options is not None:
            if not isinstance(options, dict):
                raise TypeError(f"ZstdDecompressor() argument 'options' must be dict, not {type(options).__name__}")
            window = _options(options, "decompression", _parameter_types[0], _DECOMPRESSION).get(ZSTD_d_windowLogMax, window)
        self._decoder = _Decoder(window)
        if dictionary is not None:
            content = dictionary.dict_content
            try:
                self._decoder.set_dictionary(content, is_prefix or content[:4] != _DICTIONARY_MAGIC)
                return self
            except ValueError:
                pass
            raise ZstdError("Failed to create a ZSTD_DDict instance from Zstandard dictionary content.")
        return self

    def __reduce__(self):
        raise TypeError("cannot pickle 'compression.zstd.ZstdDecompressor' object")

    @property
    def eof(self):
        """True means the end of the first frame has been reached; an EOFError follows if more is decompressed."""
        return self._decoder.eof

    @property
    def needs_input(self):
        """False if the max_length limit of decompress() has been reached and more output may come without more input."""
        return self._decoder.needs_input

    @property
    def unused_data(self):
        """A bytes object of un-consumed input data, which stood behind the frame."""
        return self._decoder.unused_data

    def decompress(self, data, max_length=-1):
        """Decompress *data*, returning uncompressed bytes if possible, or b'' otherwise.

        data
          A bytes-like object, Zstandard data to be decompressed.
        max_length
          Maximum size of returned data; without a limit if negative. The next call may then provide b'' to obtain more.

        At the end of the frame an EOFError is raised, and what stands behind it is in unused_data.
        """
        data, max_length = _bytes(data), _index(max_length)
        if not -(2**63) <= max_length < 2**63:
            raise OverflowError("Python int too large to convert to C ssize_t")
        if self._decoder.eof:
            raise EOFError("Already at the end of a Zstandard frame.")
        try:
            return self._decoder.decompress(data, max_length)
        except ValueError as error:
            message = str(error)
        raise ZstdError(f"Unable to decompress Zstandard data: {message}")


def get_param_bounds(parameter, is_compress):
    """Get CompressionParameter/DecompressionParameter bounds.

    parameter
      The parameter to get bounds.
    is_compress
      True for CompressionParameter, False for DecompressionParameter.
    """
    found = (_COMPRESSION if is_compress else _DECOMPRESSION).get(_c_int(parameter))
    if found is None:
        raise ZstdError(f"Unable to get zstd {'' if is_compress else 'de'}compression parameter bounds: Unsupported parameter")
    return found[1:]


def set_parameter_types(c_parameter_type, d_parameter_type):
    """Set CompressionParameter and DecompressionParameter types for validity check."""
    global _parameter_types
    for name, kind in ("c_parameter_type", c_parameter_type), ("d_parameter_type", d_parameter_type):
        if not isinstance(kind, type):
            raise TypeError(f"set_parameter_types() argument '{name}' must be type, not {type(kind).__name__}")
    _parameter_types = c_parameter_type, d_parameter_type


def get_frame_info(frame_buffer):
    """Get Zstandard frame information from a frame header: the decompressed size, or None, and the dictionary's number."""
    try:
        header = _frame_header(_bytes(frame_buffer))
    except ValueError:
        header = None
    if header is None:
        raise ZstdError(
            "Error when getting information from the header of a Zstandard frame. Ensure the frame_buffer argument starts from the "
            "beginning of a frame, and its length is not less than the frame header (6~18 bytes)."
        )
    return None if header[1] < 0 else header[1], header[2]


def get_frame_size(frame_buffer):
    """Get the size of a Zstandard frame, including the header and epilogue."""
    data = _bytes(frame_buffer)
    try:
        size = _frame_size(data)
    except ValueError as error:
        size, message = None, str(error)
    else:
        message = "Src size is incorrect"
    if size is None:
        raise ZstdError(
            "Error when finding the compressed size of a Zstandard frame. Ensure the frame_buffer argument starts from the beginning of a "
            f"frame, and its length is not less than this complete frame. Zstd error message: {message}."
        )
    return size


def _frame_size(data):
    header = _frame_header(data)
    if header is None:
        return None
    at, _, _, has_checksum, skipped = header
    if data[:4] != _MAGIC:
        return at + skipped if at + skipped <= len(data) else None
    last = 0
    while not last:
        number = int.from_bytes(data[at : at + 3], "little")
        last, kind, size = number & 1, number >> 1 & 3, number >> 3
        if at + 3 > len(data):
            return None
        if kind == 3:
            raise ValueError("Data corruption detected")
        at += 3 + (1 if kind == 1 else size)
    at += 4 * has_checksum
    return at if at <= len(data) else None


def _check_samples(function, samples_bytes, number, samples_sizes, dict_size):
    if not isinstance(samples_bytes, bytes):
        raise TypeError(f"{function}() argument {number} must be bytes, not {type(samples_bytes).__name__}")
    if not isinstance(samples_sizes, tuple):
        raise TypeError(f"{function}() argument {number + 1} must be tuple, not {type(samples_sizes).__name__}")
    dict_size = _index(dict_size)
    if not -(2**63) <= dict_size < 2**63:
        raise OverflowError("Python int too large to convert to C ssize_t")
    return dict_size


def _check_sizes(samples_bytes, samples_sizes, dict_size):
    if dict_size <= 0:
        raise ValueError("dict_size argument should be positive number.")
    for size in samples_sizes:
        if not isinstance(size, int):
            raise TypeError("an integer is required")
    if any(size < 0 for size in samples_sizes) or sum(samples_sizes) != len(samples_bytes):
        raise ValueError("The samples size tuple doesn't match the concatenation's size.")


def _with_header(content, seed):
    number = 32768 + _zlib.crc32(content, seed) % (2**31 - 32768)
    return _DICTIONARY_MAGIC + number.to_bytes(4, "little") + _TABLES + content


def train_dict(samples_bytes, samples_sizes, dict_size, /):
    """Train a Zstandard dictionary on sample data.

    samples_bytes
      Concatenation of samples.
    samples_sizes
      Tuple of samples' sizes.
    dict_size
      The size of the dictionary.
    """
    dict_size = _check_samples("train_dict", samples_bytes, 1, samples_sizes, dict_size)
    _check_sizes(samples_bytes, samples_sizes, dict_size)
    room = dict_size - len(_TABLES) - 8
    if not samples_bytes or dict_size < 256:
        problem = "Destination buffer is too small" if samples_bytes else "Src size is incorrect"
        raise ZstdError(f"Unable to train the Zstandard dictionary: {problem}")
    # What is frequent among the samples goes in, the best at the end, where it is nearest.
    words, segments = {}, []
    for at in range(0, min(len(samples_bytes), 1 << 20) - 7):
        word = samples_bytes[at : at + 8]
        words[word] = words.get(word, 0) + 1
    for at in range(0, min(len(samples_bytes), 1 << 20), 64):
        segment = samples_bytes[at : at + 64]
        parts = {segment[place : place + 8] for place in range(len(segment) - 7)}
        segments.append((sum(words.get(part, 0) for part in parts), segment))
    segments.sort(key=lambda entry: -entry[0])
    chosen, seen = [], set()
    for _, segment in segments:
        parts = {segment[place : place + 8] for place in range(len(segment) - 7)}
        if len(parts - seen) * 2 > len(parts) and len(segment) <= room:
            chosen.append(segment)
            seen |= parts
            room -= len(segment)
    content = b"".join(reversed(chosen)) or samples_bytes[-room:]
    return _with_header(content.ljust(8, b"\0"), 0)


def finalize_dict(custom_dict_bytes, samples_bytes, samples_sizes, dict_size, compression_level, /):
    """Finalize a Zstandard dictionary.

    custom_dict_bytes
      Custom dictionary content.
    samples_bytes
      Concatenation of samples.
    samples_sizes
      Tuple of samples' sizes.
    dict_size
      The size of the dictionary.
    compression_level
      Optimize for a specific Zstandard compression level, 0 means default.
    """
    if not isinstance(custom_dict_bytes, bytes):
        raise TypeError(f"finalize_dict() argument 1 must be bytes, not {type(custom_dict_bytes).__name__}")
    dict_size = _check_samples("finalize_dict", samples_bytes, 2, samples_sizes, dict_size)
    _c_int(compression_level)
    _check_sizes(samples_bytes, samples_sizes, dict_size)
    if dict_size < 256:
        raise ZstdError("Unable to finalize the Zstandard dictionary: Destination buffer is too small")
    room = dict_size - len(_TABLES) - 8
    return _with_header(custom_dict_bytes[-room:].ljust(8, b"\0"), _zlib.crc32(samples_bytes) ^ 1)
