# Code objects through marshal, and compiled files.
import marshal
import os
import py_compile
import sys


def f(a, /, b=2, *args, c=3.5, **kwargs):
    "doc"
    def inner():
        return a, b, c, 10**30, "\udc80", b"x", ..., {1, 2} | {3}
    try:
        return inner(), args, sorted(kwargs)
    finally:
        pass


code = marshal.loads(marshal.dumps(f.__code__))
g = type(f)(code, globals(), "g", f.__defaults__)
g.__kwdefaults__ = f.__kwdefaults__
print(code == f.__code__, g(1, x=2)[0][3:5] == (10**30, "\udc80"), g(1, 5, 6)[1:], code.co_varnames)
for data in (marshal.dumps(f.__code__)[:-3], b"c\x00\x00\x00\x00"):
    try:
        marshal.loads(data)
    except (ValueError, EOFError, TypeError) as error:
        print("refused")
try:
    marshal.dumps(f.__code__, allow_code=False)
except ValueError as error:
    print(error)

os.makedirs("/tmp/compiled", exist_ok=True)
with open("/tmp/compiled/only.py", "w") as file:
    file.write("value = [x * x for x in range(4)]\n")
py_compile.compile("/tmp/compiled/only.py", "/tmp/compiled/only.pyc")
os.remove("/tmp/compiled/only.py")
sys.path.insert(0, "/tmp/compiled")
from importlib.machinery import SourcelessFileLoader
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("only", "/tmp/compiled/only.pyc", loader=SourcelessFileLoader("only", "/tmp/compiled/only.pyc"))
module = module_from_spec(spec)
spec.loader.exec_module(module)
print(module.value)
