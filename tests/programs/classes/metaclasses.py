class Meta(type):
    def __new__(mcls, name, bases, ns, **kw):
        print("new", name, [b.__name__ for b in bases], sorted(k for k in ns if not k.startswith("__")), kw)
        ns["added"] = "by meta"
        return super().__new__(mcls, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        print("init", name)
        super().__init__(name, bases, ns)

    def __call__(cls, *args, **kw):
        print("call", cls.__name__, args)
        return super().__call__(*args, **kw)

    @classmethod
    def __prepare__(mcls, name, bases, **kw):
        print("prepare", name, kw)
        return {"prepared": 1}

    def __len__(cls):
        return 42

    def __iter__(cls):
        return iter(["x", "y"])

    def __contains__(cls, item):
        return item == 5

    def __getitem__(cls, key):
        return f"{cls.__name__}[{key}]"

    def __repr__(cls):
        return f"<Meta {cls.__name__}>"

    def __add__(cls, other):
        return f"{cls.__name__}+{other}"

    def __instancecheck__(cls, obj):
        return obj == 7

    def __subclasscheck__(cls, sub):
        return sub is int

    @property
    def meta_prop(cls):
        return "prop of " + cls.__name__

    def meta_method(cls):
        return cls.__name__


class A(metaclass=Meta, flag=True):
    x = 1

    def __init__(self, v):
        self.v = v


class B(A):
    pass


print(A, len(A), list(A), 5 in A, A["k"], A + 1, A.added, A.prepared, A.meta_prop, B.meta_method(), type(A), type(B), isinstance(7, A), isinstance("x", A), issubclass(int, A), A(3).v)
try:
    A(1).meta_method()
except AttributeError as error:
    print(error)


class Other(type):
    pass


try:
    class C(A, metaclass=Other):
        pass
except TypeError as error:
    print(error)


class Single(type):
    instances = {}

    def __call__(cls, *a):
        if cls not in cls.instances:
            cls.instances[cls] = super().__call__(*a)
        return cls.instances[cls]


class Config(metaclass=Single):
    pass


print(Config() is Config())


def make(name, bases, ns):
    return (name, bases, sorted(k for k in ns if k[0] != "_"))


class NotAClass(metaclass=make):
    field = 1


print(NotAClass)
T = type("T", (), {"f": lambda self: "f", "y": 2})
print(T().f(), T.y, T.__name__, type(T), T.__mro__)


class Resolve:
    def __mro_entries__(self, bases):
        return (dict,)


class FromInstance(Resolve()):
    pass


print(FromInstance.__bases__, FromInstance.__orig_bases__[0].__class__.__name__)
T.__name__ = "Renamed"
print(T, T.__qualname__)
