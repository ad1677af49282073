# In place of CPython's: zones that no file has come from the runtime's own database instead of the package tzdata.
__all__ = [
    "ZoneInfo",
    "reset_tzpath",
    "available_timezones",
    "TZPATH",
    "ZoneInfoNotFoundError",
    "InvalidTZPathWarning",
]

from . import _common, _tzpath
from ._common import ZoneInfoNotFoundError
from ._tzpath import InvalidTZPathWarning, reset_tzpath

_load_package = _common.load_tzdata
_zones_of_files = _tzpath.available_timezones


def _load_tzdata(key):
    import _tzdata

    data = _tzdata.read(key)
    if data is None:
        return _load_package(key)
    import io

    return io.BytesIO(data)


_common.load_tzdata = _load_tzdata

from ._zoneinfo import ZoneInfo


def _repr(self):
    # As the class in C names itself.
    name = "zoneinfo.ZoneInfo" if type(self) is ZoneInfo else type(self).__name__
    if self._key is not None:
        return f"{name}(key={self._key!r})"
    return f"{name}.from_file({self._file_repr})"


ZoneInfo.__repr__ = _repr


def available_timezones():
    """Returns a set containing all available time zones."""
    import _tzdata

    return _zones_of_files() | set(_tzdata.names())


def __getattr__(name):
    if name == "TZPATH":
        return _tzpath.TZPATH
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), "TZPATH"])
