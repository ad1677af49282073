# Code objects taken apart, changed and put together again.
import copy
import types

Code = types.CodeType
FIELDS = ["argcount", "posonlyargcount", "kwonlyargcount", "nlocals", "stacksize", "flags", "code", "consts", "names", "varnames",
          "filename", "name", "qualname", "firstlineno", "linetable", "exceptiontable", "freevars", "cellvars"]


def fields(code):
    return [getattr(code, "co_" + field) for field in FIELDS]


def rebuilt(function):
    old = function.__code__
    new = Code(*fields(old))
    print(function.__name__, new == old, new is old, hash(new) == hash(old), fields(new) == fields(old),
          list(new.co_lines()) == list(old.co_lines()), list(new.co_positions()) == list(old.co_positions()))
    return types.FunctionType(new, globals(), function.__name__, function.__defaults__, function.__closure__)


def area(width, height=2, *more, scale=1, **rest):
    total = width * height * scale
    for part in more:
        total += part
    return total, sorted(rest)


def counter(start):
    def step(by=1):
        nonlocal start
        start += by
        return start
    return step


def guarded(action):
    try:
        return action(key=1)
    except ZeroDivisionError as error:
        return type(error).__name__
    finally:
        print("left")


def numbers(limit):
    for number in range(limit):
        received = yield number
        if received in {"stop", "end"}:
            return "stopped"


print(rebuilt(area)(3, 4, 5, scale=2, b=1, a=2))
step = rebuilt(counter)(10)
print(step(), rebuilt(step)(5))
print(rebuilt(guarded)(lambda key: key / 0), rebuilt(guarded)(lambda key: key))
generator = rebuilt(numbers)(5)
print(next(generator), next(generator))
try:
    generator.send("stop")
except StopIteration as error:
    print("returned", error.value)
try:
    numbers(0).__next__()
except StopIteration as error:
    print("ended", error.value)

# replace: each field by itself.
code = area.__code__
print(code.replace() == code, copy.replace(code, co_name="other").co_name)
print(code.replace(co_firstlineno=100).co_firstlineno, code.replace(co_firstlineno=100) == code)
lines = [line for *_, line in code.co_lines() if line]
moved = code.replace(co_firstlineno=code.co_firstlineno + 7)
print([line - 7 for *_, line in moved.co_lines() if line] == lines)
print(code.replace(co_posonlyargcount=1).co_posonlyargcount)
try:
    types.FunctionType(code.replace(co_posonlyargcount=1), {})(width=1, height=2)
except TypeError as error:
    print(error)


def first():
    value = "one"
    return value


def second():
    other = "two"
    return other


print(types.FunctionType(first.__code__.replace(co_code=second.__code__.co_code), {})())
print(types.FunctionType(first.__code__.replace(co_consts=second.__code__.co_consts), {})())
print(first.__code__.replace(co_varnames=("spam",)).co_varnames, first.__code__.replace(co_cellvars=("cell",)).co_cellvars)
print(list(first.__code__.replace(co_linetable=b"").co_lines()), list(first.__code__.replace(co_linetable=b"").co_positions()))
print(guarded.__code__.replace(co_exceptiontable=b"") == guarded.__code__)
try:
    types.FunctionType(guarded.__code__.replace(co_exceptiontable=b""), {})(lambda key: key / 0)
except ZeroDivisionError as error:
    print("not caught:", error)

# What is refused.
for changes in [{"co_nlocals": 5}, {"co_varnames": ()}, {"co_argcount": 9}, {"co_argcount": -1}, {"co_stacksize": 2 ** 40},
                {"co_name": 1}, {"co_code": "x"}, {"co_code": b"a"}, {"co_consts": [1]}, {"co_names": (1,)}, {"co_names": [1]},
                {"co_firstlineno": "a"}, {"co_firstlineno": -5}, {"co_linetable": "a"}, {"co_exceptiontable": 3},
                {"co_flags": 2 ** 33}, {"unknown": 1}, {"co_cellvars": 5}]:
    try:
        first.__code__.replace(**changes)
        print(changes, "accepted")
    except Exception as error:
        print(changes, type(error).__name__, error)
for args in [(), (1, 2, 3), (None,) * 16, (*fields(code), 1), (*fields(code)[:6], None, *fields(code)[7:])]:
    try:
        Code(*args)
    except TypeError as error:
        print(error)
print((lambda a, b: a + b).__code__.co_consts, (lambda: 5).__code__.co_consts, (lambda: None).__code__.co_consts)
