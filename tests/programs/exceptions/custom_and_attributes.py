class AppError(Exception):
    pass


class Detailed(AppError):
    def __init__(self, message, code):
        super().__init__(message)
        self.code = code

    def __str__(self):
        return f"{self.args[0]} (code {self.code})"


try:
    raise Detailed("failed", 7)
except AppError as error:
    print(error, repr(error), error.code, error.args, isinstance(error, Exception))
error = ValueError("x")
error.add_note("first note")
error.add_note("second")
print(error.__notes__, error.with_traceback(None) is error, error.__traceback__, error.__cause__, error.__context__)
try:
    error.add_note(5)
except TypeError as e:
    print(e)
for e in (Exception(), Exception("a"), Exception("a", 1), KeyError("k"), KeyError(), KeyError(1, 2), OSError(9999, "No such"), OSError(9999, "No such", "file.txt"), OSError("just text"), StopIteration(5), SystemExit(3), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
          SyntaxError("msg", ("f.py", 3, 5, "code")), ImportError("no", name="mod"), AttributeError("a", name="n", obj=1), NameError("n", name="q"), AssertionError(1), IndexError("i"), ValueError(None), ExceptionGroup("g", [ValueError(1), TypeError("t")])):
    print(type(e).__name__, "|", str(e), "|", repr(e), "|", e.args)
print(OSError(9999, "x").__class__.__name__, OSError(9998, "x").__class__.__name__, OSError(9999, "m", "f").filename, OSError(9999, "m").errno, StopIteration(5).value, SystemExit(3).code, SyntaxError("m", ("f", 1, 2, "t")).lineno)
print([c.__name__ for c in ZeroDivisionError.__mro__], [c.__name__ for c in FileNotFoundError.__mro__], [c.__name__ for c in UnicodeDecodeError.__mro__], issubclass(KeyboardInterrupt, Exception), IOError is OSError, issubclass(ModuleNotFoundError, ImportError), issubclass(RecursionError, RuntimeError), issubclass(TimeoutError, OSError))


class Silent(Exception):
    def __str__(self):
        raise ValueError("no str")


try:
    str(Silent())
except ValueError as e:
    print(e)
a = ValueError("a")
b = TypeError("b")
a.__cause__ = b
print(a.__cause__ is b, a.__suppress_context__)
for bad in ("a.__cause__ = 5", "a.__context__ = 5", "a.__traceback__ = 5", "a.args = 5", "ValueError(x=1)", "ExceptionGroup('g', [])", "ExceptionGroup('g', [1])", "ExceptionGroup('g')", "BaseException.__new__(5)"):
    try:
        exec(bad)
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
e = Exception(1, 2)
e.args = ("new",)
print(e, e.args, e.__reduce__(), Exception("a") == Exception("a"))
