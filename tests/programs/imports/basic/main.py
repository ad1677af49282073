import helper
import helper as h
from helper import greet, VALUE as v
from package import thing, sub
from package.sub import deep
import package.sub.other
import package.sub.other as other

print(helper is h, greet("x"), v, helper.__name__, helper.counter)
helper.counter += 1
import helper
print(helper.counter, thing, sub.__name__, deep.name(), package.sub.other.value, other.value, package.__name__, package.__path__ is not None, deep.__package__)
from package import *
print(exported, "hidden" in dir())
try:
    hidden_name
except NameError as error:
    print(error)
for statement in ("import missing_module", "import package.missing", "from helper import nothing", "from package.sub import nope", "import helper.sub", "from . import x", "import broken", "import raises", "from missing_module import a"):
    try:
        exec(statement, {"__name__": "__main__"})
    except Exception as error:
        print(statement, "->", type(error).__name__, str(error).replace(__file__[:-7] if "/" in __file__ else "\0", "").split(" (")[0])
import sys
print("helper" in sys.modules, "broken" in sys.modules, "raises" in sys.modules, sys.modules["helper"] is helper)
del sys.modules["helper"]
import helper
print(helper is h, h.counter, helper.counter)
import circular_a
print(circular_a.b_saw, circular_a.done)


def local():
    import math
    from helper import greet as g
    return math.floor(2.5), g("local")


print(local(), __import__("helper").VALUE, "math" in globals())
