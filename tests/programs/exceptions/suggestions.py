import sys


def show(code):
    try:
        exec(code, {"__name__": "m", "counter": 5, "sys": sys})
    except Exception as error:
        sys.excepthook(type(error), error, error.__traceback__)


for code in ("countr", "prin('x')", "[].appendd(1)", "'abc'.uper()", "sys.versoin", "import sys; sys.exitt()", "class A:\n  color = 1\nA().colour", "class A:\n  def __init__(self): self.value = 1\n  def f(self): return value\nA().f()", "None.foo", "lenn", "True_", "improt", "from math import sqroot", "from sys import argvv",
             "def f(first): pass\nf(frist=1)", "{}.item", "(1).real_", "xyzzy", "import maths", "range(5).strat", "def g():\n  local_name = 1\n  return local_nam\ng()", "Exceptio", "true", "null", "self"):
    show(code)
