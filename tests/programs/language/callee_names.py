# How errors about unpacked arguments name what is called.
import functools

class Outer:
    class Inner:
        def method(self, **kwargs): pass
    def __call__(self): pass

def function(*args, **kwargs): pass
function.__module__ = "elsewhere"

def show(code):
    try:
        exec(code)
    except Exception as error:
        print(type(error).__name__, error)

nothing = None
for callee in ["function", "Outer.Inner", "Outer.Inner().method", "print", "dict", "nothing", "5", "1.5", "True"]:
    show(f"{callee}(*5)")
    show(f"{callee}(**5)")
    show(f"{callee}(a=1, **5)")
    show(f"{callee}(a=1, **{{'a': 2}})")
    show(f"{callee}(**{{'a': 2}}, **{{'a': 3}})")
for arguments in ["**{1: 3}, **{1: 5}", "**{1: 3}", "**{1: 3}, **{2: 5}", "a=1, **{2: 3}", "**{None: 1}, **{None: 2}"]:
    show(f"function({arguments})")
    show(f"dict({arguments})")

class Twice:
    def keys(self): return ["x", "y", "x"]
    def __getitem__(self, key): return 1

show("function(**Twice())")
show("function(a=3, **Twice())")
show("Outer.Inner(**Twice())")
