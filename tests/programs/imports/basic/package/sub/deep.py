from .. import __name__ as parent
from . import other
from .other import value


def name():
    return f"{__name__} in {parent} with {value} {other.value}"
