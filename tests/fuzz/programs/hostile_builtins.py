# Every builtin function and type with hostile arguments, positional and by keyword.
class Odd:
    def __repr__(self):
        return "Odd"


def text(value):
    shown = repr(value)
    if " at 0x" in shown:
        shown = shown[:shown.index(" at 0x")]
    return shown if len(shown) < 80 else shown[:40] + "..." + shown[-20:]


NAMES = """abs all any ascii bin bool bytearray bytes callable chr complex delattr dict divmod enumerate filter float format frozenset getattr hasattr hash hex
int isinstance issubclass iter len list map max memoryview min next object oct ord pow property range repr reversed round set setattr slice sorted staticmethod classmethod
str sum tuple type zip anext aiter""".split()
ARGUMENTS = [(), (None,), (-1,), (0,), (3,), (2 ** 70,), (1.5,), ("",), ("ab",), (b"a",), ([],), ([3, 1],), ({},), ({1: 2},), (Odd(),), (int,), (len,), (1, 2), ("a", "b"), (int, str), ([1], [2]), (None, []), ("a", 1), (len, [1]), (1, 2, 3), ("a", "b", "c"), (int, "real", 1), (1, 2, 3, 4)]
for name in NAMES:
    function = getattr(__builtins__, name)
    for arguments in ARGUMENTS:
        if name in ("hash", "bytes", "bytearray") and arguments and arguments[0] in ("ab", b"a", "", 1.5) or name == "hash" and arguments and isinstance(arguments[0], (Odd, type, type(len), type(None))) or (name in ("range", "slice") and 2 ** 70 in arguments):
            continue
        for keywords in ({}, {"key": 1}, {"default": 0}):
            try:
                result = text(function(*arguments, **keywords))
            except Exception as error:
                result = f"{type(error).__name__}: {error}"
            print(f"{name}{arguments!r}{keywords or ''} => {result}")

