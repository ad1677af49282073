# Slots, weak references, orders of resolution, pickling by copyreg, descriptors of fields.
import copy
import types
import weakref


def attempt(what, *args, **kwargs):
    try:
        return what(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


class Plain:
    pass


class Slots:
    __slots__ = ("b", "a")


class Same:
    __slots__ = ("a", "b")


class Weak:
    __slots__ = ("__weakref__",)


print(list(Plain.__dict__), Plain.__dict__["__weakref__"].__doc__ is not None)
print(attempt(weakref.ref, Slots()), isinstance(weakref.ref(Weak()), weakref.ref))
print(attempt(type, "A", (Plain,), {"__slots__": "__weakref__"}))
print(attempt(type, "A", (), {"__slots__": ("__dict__", "__dict__")}))
thing = Slots()
thing.a, thing.b = 1, 2
thing.__class__ = Same
print(thing.a, thing.b, attempt(setattr, thing, "__class__", Weak))
print(attempt(lambda: Slots().a), attempt(delattr, Slots(), "a"))

copied = copy.copy(thing)
print(type(copied).__name__, copied.a, copied.b, thing.__getstate__())
print(thing.__reduce_ex__(2)[1:3], attempt(thing.__reduce_ex__, 0))


class Named:
    def __new__(cls, *, name):
        self = super().__new__(cls)
        self.name = name
        return self

    def __getnewargs_ex__(self):
        return (), {"name": "kept"}


print(copy.copy(Named(name="x")).name)
print(attempt(copy.copy, (x for x in ())))


class Odd(type):
    def mro(cls):
        return type.mro(cls) + [3] if cls.__name__ == "Bad" else type.mro(cls)


print(attempt(Odd, "Bad", (), {}), attempt(Odd, "Good", (), {}).__name__)


class Base:
    pass


class Derived(Base):
    pass


print(attempt(setattr, Base, "__bases__", (Derived,)))
print(attempt(setattr, Derived, "__bases__", (Slots,)))
print(attempt(object.__setattr__, str, "new", 1))


class Items(dict):
    __setattr__ = dict.__setitem__


items = Items()
items.key = "value"
print(items, attempt(lambda: property().fget.x), attempt(setattr, property(), "fget", 1))
print(type(types.FunctionType.__globals__).__name__, type(property.fget).__name__)


class Proxy:
    @property
    def __class__(self):
        return Derived


print(isinstance(Proxy(), Derived), isinstance(Proxy(), Base), isinstance(Proxy(), int))


class Classic:
    def __init__(self, bases):
        self.__bases__ = bases


root = Classic(())
leaf = Classic((root,))
print(issubclass(leaf, root), issubclass(root, leaf), attempt(isinstance, 1, Classic))


@classmethod
def method(cls, x: int) -> str: ...


print(method.__annotations__, method.__wrapped__.__name__, "__wrapped__" in method.__dict__)
print(copy.replace(__import__("time").gmtime(0), tm_year=2000)[:3])
