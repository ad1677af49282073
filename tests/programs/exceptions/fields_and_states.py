# Fields of builtin exceptions: which can be set and deleted, how they show, and what pickling saves of them.
import types


def attempt(what):
    try:
        print(what())
    except Exception as error:
        print(type(error).__name__, error)


group = ExceptionGroup("text", [ValueError(1)])
for name in ("message", "exceptions"):
    attempt(lambda: setattr(group, name, 5))
    attempt(lambda: delattr(group, name))

for make in (
    lambda: UnicodeEncodeError("utf-8", "s", 0, 1, "reason"),
    lambda: UnicodeDecodeError("utf-8", b"s", 0, 1, "reason"),
    lambda: UnicodeTranslateError("s", 0, 1, "reason"),
):
    for name in ("encoding", "object", "start", "end", "reason"):
        for value in (None, 3):
            error = make()
            attempt(lambda: setattr(error, name, value))
            attempt(lambda: str(error))
        error = make()
        attempt(lambda: delattr(error, name))
        attempt(lambda: repr(str(error)))

for error in (
    AttributeError("x"), AttributeError("x", name="n", obj=3), ImportError("x", name="n"),
    OSError(9001, "text", "file"), OSError(9003, 4, "a", None, "b"),
):
    print(error.__reduce__(), error.__getstate__())
for class_, name in ((KeyError, "__str__"), (OSError, "__reduce__"), (AttributeError, "__getstate__"), (SyntaxError, "_metadata")):
    print(name in vars(class_), type(vars(class_)[name]).__name__)
print(type(ImportError.name) is types.MemberDescriptorType, ImportError.name)

error = SyntaxError("text", ("file.py", 1, 2, "line", 2, 3))
error.__init__("new", ("new.py", 2, 3, "new line"))
print(error.filename, error.lineno, error.end_lineno, error.end_offset)

# Cells have an order; empty ones come first.
cell = types.CellType
print(cell(2) < cell(3), cell() < cell("a"), cell() == cell(), cell(1) == cell(1.0), cell(1) > cell(), cell(1).__eq__(1))
attempt(lambda: cell("a") < cell(3))
attempt(lambda: cell(1, 2))


# What a function is made of.
def function():
    pass


for args in (
    (), (1,), (function.__code__, 1), (function.__code__, {}, 1), (function.__code__, {}, None, []),
    (function.__code__, {}, None, None, 1), (function.__code__, {}, None, None, None, 1),
    (function.__code__, {}, None, None, (1,)),
):
    attempt(lambda: types.FunctionType(*args))


class NotGeneric:
    __class_getitem__ = None


attempt(lambda: NotGeneric[int])
attempt(lambda: types.UnionType())
attempt(lambda: types.GeneratorType.__new__(types.GeneratorType))
