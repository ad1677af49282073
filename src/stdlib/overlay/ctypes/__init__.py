"""The simple types of C, as values: their sizes, and how numbers wrap around in them.

There are no shared libraries and no addresses here, so pointers, structures over foreign memory and calls of C functions are not:
asking for them says so. What programs use to learn the size of a type, to wrap an int as C does, or to keep a fixed number of such
values in an array, works.
"""

import struct as _struct
from types import GenericAlias as _GenericAlias

__version__ = "1.1.0"

DEFAULT_MODE, RTLD_LOCAL, RTLD_GLOBAL = 0, 0, 256


class ArgumentError(Exception):
    """A value does not suit the type of an argument."""


class _CType(type):
    """The class of C's types: a type times a length is an array type."""

    _arrays = {}

    def __mul__(cls, length):
        if not isinstance(length, int):
            raise TypeError(f"can't multiply sequence by non-int of type {type(length).__name__!r}")
        if length < 0:
            raise ValueError(f"Array length must be >= 0, not {length}")
        array = _CType._arrays.get((cls, length))
        if array is None:
            names = {"_type_": cls, "_length_": length}
            array = _CType._arrays[cls, length] = _CType(f"{cls.__name__}_Array_{length}", (Array,), names)
        return array

    __rmul__ = __mul__


class Array(metaclass=_CType):
    """A fixed number of values of one type."""

    __module__ = "_ctypes"
    __class_getitem__ = classmethod(_GenericAlias)

    def __init_subclass__(cls):
        if not isinstance(getattr(cls, "_length_", None), int):
            raise AttributeError("class must define a '_length_' attribute")
        cls._size_ = cls._type_._size_ * cls._length_

    def __init__(self, *values):
        if type(self) is Array:
            raise TypeError("abstract class")
        if len(values) > self._length_:
            raise IndexError("invalid index")
        self._items = [self._type_() for _ in range(self._length_)]
        for index, value in enumerate(values):
            self[index] = value

    @classmethod
    def from_buffer_copy(cls, source, offset=0):
        """An array with these bytes."""
        if len(source) - offset < cls._size_:
            raise ValueError(f"Buffer size too small ({len(source)} instead of at least {cls._size_ + offset} bytes)")
        made, size = cls(), cls._type_._size_
        made._items = [cls._type_.from_buffer_copy(source, offset + index * size) for index in range(cls._length_)]
        return made

    def __len__(self):
        return self._length_

    def __getitem__(self, index):
        if isinstance(index, slice):
            items = [self._shown(item) for item in self._items[index]]
            return b"".join(items) if self._type_ is c_char else items
        try:
            return self._shown(self._items[index])
        except IndexError:
            raise IndexError("invalid index") from None

    def __setitem__(self, index, value):
        if isinstance(index, slice):
            places = range(self._length_)[index]
            if len(places) != len(value):
                raise ValueError("Can only assign sequence of same size")
            for place, item in zip(places, value):
                self[place] = item
            return
        try:
            item = self._items[index]
        except IndexError:
            raise IndexError("invalid index") from None
        if isinstance(value, self._type_):
            self._items[index] = self._type_.from_buffer_copy(bytes(value))
        elif isinstance(item, Array):
            self._items[index] = self._type_(*value)
        else:
            item.value = value

    def __bytes__(self):
        return b"".join(bytes(item) for item in self._items)

    @staticmethod
    def _shown(item):
        return item.value if isinstance(item, _SimpleCData) else item

    def __getattr__(self, name):
        if name in ("value", "raw") and self._type_ is c_char:
            raw = bytes(self)
            return raw if name == "raw" else raw.partition(b"\0")[0]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __setattr__(self, name, value):
        if name in ("value", "raw") and self._type_ is c_char:
            if len(value) > self._length_:
                raise ValueError("byte string too long")
            filled = bytes(value) + bytes(1 if name == "value" and len(value) < self._length_ else 0)
            self[: len(filled)] = filled
        else:
            super().__setattr__(name, value)


class _SimpleCData(metaclass=_CType):
    """A value of a simple type of C."""

    _type_ = ""

    def __init_subclass__(cls):
        cls._size_ = _struct.calcsize("@" + cls._format_)

    def __init__(self, value=None):
        self._value = self._default_
        if value is not None:
            self.value = value

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, value):
        self._value = self._convert(value)

    @classmethod
    def from_buffer_copy(cls, source, offset=0):
        """A value with these bytes."""
        if len(source) - offset < cls._size_:
            raise ValueError(f"Buffer size too small ({len(source)} instead of at least {cls._size_ + offset} bytes)")
        return cls(_struct.unpack_from("@" + cls._format_, source, offset)[0])

    def __bytes__(self):
        return _struct.pack("@" + self._format_, self._value)

    def __bool__(self):
        return bool(self._value)

    def __repr__(self):
        return f"{type(self).__name__}({self._value!r})"


class _Integer(_SimpleCData):
    _format_ = "i"
    _default_ = 0

    @classmethod
    def _convert(cls, value):
        if not isinstance(value, int):
            raise TypeError(f"{type(value).__name__!r} object cannot be interpreted as an integer")
        bits = 8 * cls._size_
        value = int(value) & (1 << bits) - 1
        if cls._format_.islower() and value >> bits - 1:
            value -= 1 << bits
        return value


class _Float(_SimpleCData):
    _format_ = "d"
    _default_ = 0.0

    @classmethod
    def _convert(cls, value):
        if not isinstance(value, (int, float)):
            raise TypeError(f"must be real number, not {type(value).__name__}")
        return _struct.unpack("@" + cls._format_, _struct.pack("@" + cls._format_, float(value)))[0]


class c_bool(_SimpleCData):
    _type_, _format_, _default_ = "?", "?", False
    _convert = staticmethod(bool)


class c_char(_SimpleCData):
    _type_, _format_, _default_ = "c", "c", b"\0"

    @staticmethod
    def _convert(value):
        if isinstance(value, int) and 0 <= value < 256:
            return bytes([value])
        if not isinstance(value, (bytes, bytearray)) or len(value) != 1:
            got = f"{type(value).__name__} of length {len(value)}" if isinstance(value, (bytes, bytearray)) else type(value).__name__
            raise TypeError(f"one character bytes, bytearray, or an integer in range(256) expected, not {got}")
        return bytes(value)


def _integer(name, code):
    return type(name, (_Integer,), {"_type_": code, "_format_": code, "__module__": __name__})


c_byte, c_ubyte = _integer("c_byte", "b"), _integer("c_ubyte", "B")
c_short, c_ushort = _integer("c_short", "h"), _integer("c_ushort", "H")
c_long, c_ulong = _integer("c_long", "l"), _integer("c_ulong", "L")
# The names of types of equal size are names of one type.
c_int, c_uint = (c_long, c_ulong) if _struct.calcsize("@l") == 4 else (_integer("c_int", "i"), _integer("c_uint", "I"))
c_longlong, c_ulonglong = _integer("c_longlong", "q"), _integer("c_ulonglong", "Q")
c_int8, c_uint8, c_int16, c_uint16, c_int32, c_uint32, c_int64, c_uint64 = (
    c_byte, c_ubyte, c_short, c_ushort, c_int, c_uint, c_longlong, c_ulonglong
)
c_size_t, c_ssize_t = c_ulong, c_long
c_time_t = c_int64


class c_float(_Float):
    _type_, _format_ = "f", "f"


class c_double(_Float):
    _type_, _format_ = "d", "d"


c_longdouble = c_double


class py_object(_SimpleCData):
    """A reference to an object."""

    _type_, _format_, _default_ = "O", "P", None
    _convert = staticmethod(lambda value: value)
    __class_getitem__ = classmethod(_GenericAlias)


def create_string_buffer(init, size=None):
    """A changeable array of characters: of a length, or with contents and a zero at the end."""
    if isinstance(init, int) and size is None:
        return (c_char * init)()
    if not isinstance(init, bytes):
        raise TypeError(init)
    buffer = (c_char * (len(init) + 1 if size is None else size))()
    buffer.value = init
    return buffer


def sizeof(obj, /):
    """The size of a type, or of a value, in bytes."""
    size = getattr(obj, "_size_", None)
    if size is None:
        raise TypeError("this type has no size")
    return size


def alignment(obj, /):
    """The alignment of a type in bytes."""
    return sizeof(obj)


class CDLL:
    """A shared library: there are none."""

    def __init__(self, name, mode=DEFAULT_MODE, handle=None, use_errno=False, use_last_error=False, winmode=None):
        raise OSError(f"{name}: there are no shared libraries to load")


PyDLL = CDLL


class LibraryLoader:
    """Loads libraries as attributes; there are none."""

    __class_getitem__ = classmethod(_GenericAlias)

    def __init__(self, dlltype):
        self._dlltype = dlltype

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self._dlltype(name)

    def __getitem__(self, name):
        return getattr(self, name)

    def LoadLibrary(self, name):
        return self._dlltype(name)


class Structure:
    """A structure without fields, of no bytes; those with fields need memory of C programs."""

    def __init_subclass__(cls):
        if getattr(cls, "_fields_", None):
            raise NotImplementedError("structures with fields need memory of C programs, which is not here; use module struct")

    def __buffer__(self, flags):
        return memoryview(self.__dict__.setdefault("_memory", bytearray()))


def resize(obj, size, /):
    """Gives a structure without fields this many bytes."""
    if not isinstance(obj, Structure):
        raise TypeError("excepted ctypes instance")
    obj._memory = bytearray(size)


class Union(Structure):
    """A union without members."""


cdll = LibraryLoader(CDLL)
pydll = LibraryLoader(PyDLL)


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}: there is no memory of C programs to point to, and no library to call")
