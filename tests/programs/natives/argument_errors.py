# The wording and order of argument errors, by the families of CPython's argument parsers.
import math


def show(*sources):
    for source in sources:
        try:
            print(source, "->", eval(source))
        except Exception as error:
            print(source, "!!", type(error).__name__ + ":", error)


print("no arguments")
show("[].clear(1)", "[].clear(x=1)", "[].clear(1, x=1)", "locals(1)", "globals(x=1)", "{}.keys(1)", "'a'.isdigit(1)")
print("exactly one")
show("[].append()", "[].append(1, 2)", "[].append(x=1)", "len()", "len(1, 2)", "len(x=1)", "math.sqrt()", "math.sqrt(x=1)", "'a'.join()", "ord()", "hash()", "id(1, 2)", "abs(x=1)", "(1).__format__()", "[].__class_getitem__()")
print("several by position")
show("[].insert(1)", "[].insert(1, 2, 3)", "[].insert(x=1)", "[].pop(1, 2)", "[].index()", "[].index(1, 2, 3, 4)", "{}.get()", "{}.get(1, 2, 3)", "{}.get(x=1)", "{}.pop()", "{}.setdefault()", "dict.fromkeys()", "dict.fromkeys(1, 2, 3)", "dict.fromkeys(x=1)", "bytes.maketrans(1)", "str.maketrans()", "str.maketrans(1, 2, 3, 4)", "bytes.maketrans(x=1)", "divmod(1)", "isinstance(1)", "getattr(1)", "setattr(1, 2)", "iter()", "next()", "input(1, 2)", "'a'.find()", "'a'.startswith()", "math.atan2(1)", "vars(1, 2)")
print("keywords")
show("[].sort(1)", "[].sort(foo=1)", "[].sort(key=1, reverse=1, x=1)", "[].sort(1, 2, 3)", "[].sort(1, key=2)", "'a'.split(1, 2, 3)", "'a'.split(sep='a', maxsplit=1, x=1)", "'a'.split('a', sep='a')", "'a'.split(foo=1)", "sum()", "sum(iterable=[])", "sum(1, 2, 3)", "sum([], foo=2)", "sum([], start=1, foo=2)", "round()", "round(1, 2, 3)", "round(1, foo=2)", "pow(1)", "pow(1, 2, 3, 4)", "open()", "open(foo=1)", "open('x', file='y')", "open(1, 2, 3, 4, 5, 6, 7, 8, 9)", "compile(1)", "compile()", "exec()", "eval(x=1)", "print(foo=1)", "print(1, sep='', end='', file=None, flush=0, x=1)", "(1).to_bytes(1, 2, 3)", "(1).to_bytes(foo=1)", "int.from_bytes()", "int.from_bytes(b'', 'big', 1)", "int.from_bytes(byteorder='big')", "'a'.replace('a')", "'a'.replace()", "'a'.expandtabs(1, 2)", "math.isclose(1)", "math.isclose(1, 2, 3)", "math.isclose(1, 2, foo=3)", "__import__()")
print("constructors")
show("list(1, 2)", "list(x=1)", "tuple(1, 2)", "tuple(x=1)", "set(1, 2)", "frozenset(x=1)", "dict(1, 2)", "float(1, 2)", "float(x=1)", "bool(1, 2)", "bool(x=1)", "int(1, 2, 3)", "int(foo=1)", "int('1', base=2, c=3)", "str(1, 2, 3, 4)", "str(1, foo=3)", "complex(1, 2, 3)", "complex(foo=1)", "bytes(1, 2, 3, 4)", "bytes(foo=1)", "range()", "range(1, 2, 3, 4)", "range(x=1)", "slice()", "filter()", "filter(1)", "reversed()", "reversed(x=1)", "staticmethod()", "staticmethod(1, 2)", "property(1, 2, 3, 4, 5)", "property(foo=1)", "object(1)", "object(x=1)", "type(None)(1)", "type(...)(1)")
print("types of arguments")
show("'a'.encode(1)", "'a'.encode(None)", "'a'.encode('utf-8', 1)", "'a'.find(1)", "'a'.replace(1, 2)", "'a'.center('x')", "'a'.center(1, 2)", "'a'.center(1, 'ab')", "[].insert('a', 1)", "[].insert(1.5, 1)", "'a'.split('a', 'b')", "'a'.zfill('x')", "math.sqrt('x')", "math.sqrt(10 ** 400)", "bytearray().append('x')", "bytearray().append(300)", "b'a'.split(1)", "b''.replace(1, b'')", "'a'.find('a', 'b')", "[1].index(1, 'a')", "[1].index(1, 1.5)", "'a'.find('a', None, 2 ** 100)", "[1].index(1, -2 ** 100)", "(1).__format__(1)", "getattr(1, 2)", "setattr(1, 2, 3)")


class Meters:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        print("index")
        return self.n

    def __float__(self):
        print("float")
        return float(self.n)

    def __bool__(self):
        print("bool")
        return self.n != 0


class Wrong:
    def __index__(self):
        return "1"

    def __float__(self):
        return 1

    def __bool__(self):
        return 2


class Length:
    def __len__(self):
        print("len")
        return 0


print("conversions that call Python code")
items = [1, 2, 3]
items.insert(Meters(1), "x")
print(items, items.pop(Meters(-1)), "a-b-c".split("-", Meters(1)), "a".center(Meters(5), "*"))
print(math.sqrt(Meters(16)), math.atan2(Meters(0), Meters(1)), sorted([2, 1, 3], reverse=Meters(1)), sorted([2, 1], reverse=Length()))
print([1, 2, 3].index(2, Meters(0), Meters(3)), "abc".find("c", Meters(1)))
show("[].insert(Wrong(), 1)", "math.sqrt(Wrong())", "[].sort(reverse=Wrong())", "[].pop(Meters(0))")


class Raises:
    def __index__(self):
        raise KeyError("inside")


show("[1].pop(Raises())", "'a'.center(Raises())")


class WithInit(list):
    def __init__(self, *args, **kwargs):
        print("init", args, kwargs)


class WithNew(list):
    def __new__(cls, *args, **kwargs):
        print("new", args, kwargs)
        return super().__new__(cls)


class Plain(list):
    pass


print("constructors of subclasses")
show("WithInit(1, 2, x=3)", "WithNew(x=1)", "Plain(x=1)", "Plain([1, 2])", "list.__init__(WithInit(), x=1)", "list.__init__([], x=1)")
