import sys


class Loud:
    def __del__(self):
        raise ValueError("in del")


def hook(unraisable):
    print("unraisable:", type(unraisable.exc_value).__name__, unraisable.exc_value)


sys.unraisablehook = hook
x = Loud()
del x
print("goes on")
Loud()
print("still")


def show(value):
    print("display", repr(value))


sys.displayhook = show
exec(compile("1 + 1", "<x>", "single"))
exec(compile("None", "<x>", "single"))
sys.displayhook = sys.__displayhook__
exec(compile("'shown'; x = 3; None", "<x>", "single"))
import builtins
print(builtins._)

