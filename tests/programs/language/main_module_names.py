"""The module's docstring."""
print(__name__, __doc__, __file__.endswith("main_module_names.py"), __builtins__.__name__, __spec__ if "__spec__" in globals() else None)
print(sorted(n for n in globals() if n.startswith("__") and n in ("__name__", "__doc__", "__builtins__", "__file__")))
import builtins
import sys

print(builtins.len is len, sys.modules["__main__"].__name__, sys.modules[__name__].__dict__ is globals(), sys.modules["builtins"] is builtins)
builtins.shout = lambda s: s.upper()
print(shout("added builtin"))
del builtins.shout
try:
    shout("x")
except NameError as error:
    print(error)
len_, len = len, lambda x: "shadowed"
print(len([1]), builtins.len([1]))
del len
print(len([1, 2]))


class Plain:
    pass


print(Plain.__module__, Plain().__class__.__name__, (lambda: 0).__module__, print.__module__, int.__module__, type(sys).__name__, sys.__name__)
if __name__ == "__main__":
    print("run as a program")
print(dir(Plain)[:3], "__dict__" in dir(Plain), len(dir()) > 5, callable(Plain), Plain.__dict__.get("nothing"))
m = type(sys)("made", "doc of made")
m.x = 5
print(m.__name__, m.__doc__, m.x, repr(m))
try:
    m.y
except AttributeError as error:
    print(error)
sys.modules["made"] = m
import made
from made import x
print(made is m, x)
m.__getattr__ = lambda name: f"computed {name}"
print(made.anything)
