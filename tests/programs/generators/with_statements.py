class Manager:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print("enter", self.name)
        return self.name

    def __exit__(self, kind, value, tb):
        print("exit", self.name, kind.__name__ if kind else None, value, tb is not None)
        return self.swallow


with Manager("a") as a:
    print("body", a)
with Manager("b"), Manager("c") as c:
    print("two", c)
with (
    Manager("d") as d,
    Manager("e"),
):
    print("paren", d)
with Manager("s", swallow=True):
    raise KeyError("hidden")
print("goes on")
try:
    with Manager("outer"):
        with Manager("inner", True):
            raise ValueError("swallowed inside")
        print("between")
        raise TypeError("escapes")
except TypeError as error:
    print("caught", error)


def f():
    with Manager("return"):
        return "value"


def loop():
    for i in range(3):
        with Manager(i):
            if i == 0:
                continue
            break
    return i


print(f(), loop())


class BadExit(Manager):
    def __exit__(self, *args):
        raise RuntimeError("exit failed")


try:
    with BadExit("x"):
        raise ValueError("original")
except RuntimeError as error:
    print(error, repr(error.__context__))


class BadEnter(Manager):
    def __enter__(self):
        raise OSError("enter failed")


try:
    with Manager("first"), BadEnter("second"):
        print("never")
except OSError as error:
    print(error)
for bad in (5, "x", Manager, type("Half", (), {"__enter__": lambda s: 1})()):
    try:
        with bad:
            pass
    except TypeError as error:
        print(error)
from contextlib import contextmanager


@contextmanager
def tag(name):
    print(f"<{name}>")
    try:
        yield name.upper()
    except ValueError as error:
        print("handled", error)
    finally:
        print(f"</{name}>")


with tag("b") as t:
    print(t)
with tag("i"):
    raise ValueError("inside")
with Manager("t") as (x):
    print(x)


class Pair:
    def __enter__(self): return 1, [2, 3]
    def __exit__(self, *a): pass


with Pair() as (p, [q, r]):
    print(p, q, r)
obj = type("O", (), {})()
with Pair() as obj.attr:
    print(obj.attr)
