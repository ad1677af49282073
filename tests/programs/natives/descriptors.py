# Methods, attributes and slot wrappers of builtin types as objects.
import math


def show(*sources):
    for source in sources:
        try:
            print(source, "->", eval(source))
        except Exception as error:
            print(source, "!!", type(error).__name__ + ":", error)


FROMKEYS = dict.__dict__["fromkeys"]
for source in ("list.append", "FROMKEYS", "int.real", "int.__add__", "len", "math.sqrt", "list.__len__", "object.__init__"):
    print(source, repr(eval(source)), type(eval(source)).__name__)
for source in ("[].append", "dict.fromkeys", "bytes.maketrans", "(1).__add__", "list.__new__"):
    print(source, repr(eval(source)).split(" at ")[0], type(eval(source)).__name__)
NAMES = ("__name__", "__qualname__", "__doc__", "__text_signature__", "__objclass__", "__module__", "__self__")
for source in ("list.append", "[].append", "len", "math.sqrt", "dict.fromkeys", "FROMKEYS", "int.real", "int.__add__", "(1).__add__", "list.__new__"):
    for name in NAMES:
        try:
            value = getattr(eval(source), name)
        except AttributeError as error:
            print(source, name, "!!", error)
        else:
            print(source, name, type(value).__name__ if name == "__doc__" else value)
print("called with the wrong thing")
show("list.append()", "list.append(1)", "list.append(1, 2)", "list.append.__get__(1)", "list.append.__get__(None, None)", "list.append.__get__(None, list)", "int.__add__()", "int.__add__('a')", "int.__add__('a', 1)", "int.__add__(1)", "int.__add__(1, 2, 3)", "int.__add__(1, x=3)", "(1).__add__()", "(1).__add__(1, 2)", "(1).__pow__()", "(1).__pow__(1, 2, 3)", "(1).__neg__(1)", "(1).__neg__(x=1)", "[].__setitem__(1)", "[].__len__(1)", "(1).__hash__(1)", "object().__setattr__('a')", "FROMKEYS()", "FROMKEYS(1)", "FROMKEYS(int)", "FROMKEYS.__get__(None, int)", "FROMKEYS.__get__(None, dict)('ab')", "int.real.__get__('x')", "int.real.__get__(5)", "int.real.__set__(1, 1)", "int.real.__delete__(1)", "list.__repr__()", "list.__repr__(1)", "list.__repr__([], 1)", "(1).__getattribute__(2)", "(1).__setattr__(2, 3)", "iter([]).__next__(1)", "iter([1]).__next__()", "type.__call__(1)", "len.__call__()", "len.__call__([1])")
print("__new__")
show("list.__new__()", "list.__new__(1)", "list.__new__(int)", "object.__new__(list)", "int.__new__(bool)", "bool.__new__(int)", "list.__new__(list, x=1)", "type(len)()", "type(list.append)()", "type(int.real)()", "type((1).__add__)()")
print("identity")
items = []
show("items.append == items.append", "items.append is items.append", "[].append == [].append", "hash(items.append) == hash(items.append)", "(1).__add__ == (1).__add__", "(1).__add__ == (2).__add__", "len == len", "len != abs", "len < len", "list.append is list.append")
print("called")
append = items.append
append(1)
list.append(items, 2)
print(items, int.__add__(3, 4), (3).__radd__(4), (2).__pow__(10), (2).__rpow__(10), (2).__pow__(10, 1000), [1].__add__([2]), [1].__mul__(2), [1].__rmul__(2), (3).__lt__(4), "a".__eq__("a"), "a".__eq__(1), [3, 4].__getitem__(1), {1: 2}.__contains__(1), "abc".__len__(), list(map(str.upper, "abc")), sorted("bca", key=str.upper), (5).__bool__(), (5).__neg__())
print("read-only")


def attempt(text):
    try:
        exec(text)
        print(text, "done")
    except Exception as error:
        print(text, "!!", type(error).__name__ + ":", error)


for text in ("len.x = 1", "list.append.x = 1", "list.append.__doc__ = 1", "list.append = 1", "del list.append", "int.real.__doc__ = 1", "(5).real = 1"):
    attempt(text)
print("signatures")
show("list.sort.__text_signature__", "print.__text_signature__", "list.index.__text_signature__", "str.split.__text_signature__", "dict.get.__text_signature__", "int.to_bytes.__text_signature__", "math.hypot.__text_signature__", "math.isclose.__text_signature__", "list.__text_signature__", "float.__text_signature__", "int.__text_signature__", "dict.update.__text_signature__", "str.maketrans.__text_signature__", "[].__len__.__text_signature__", "object.__init__.__text_signature__", "max.__text_signature__", "sorted.__text_signature__")
