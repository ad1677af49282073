class A:
    def who(self):
        return "A"

    def call(self):
        return self.who()

    def chain(self):
        return ["A"]


class B(A):
    def who(self):
        return "B" + super().who()

    def chain(self):
        return ["B"] + super().chain()


class C(A):
    def who(self):
        return "C" + super().who()

    def chain(self):
        return ["C"] + super().chain()


class D(B, C):
    def chain(self):
        return ["D"] + super().chain()


d = D()
print(d.who(), d.call(), d.chain(), [c.__name__ for c in D.__mro__], D.mro() == list(D.__mro__), super(B, d).who(), super(D, d).who(), super(C, D).__thisclass__.__name__)
print(issubclass(D, A), isinstance(d, (int, C)), D.__base__.__name__, A.__subclasses__(), D.__bases__)
for make in (lambda: type("X", (A, B), {}), lambda: type("X", (int, str), {}), lambda: type("X", (A, A), {}), lambda: type("X", (5,), {}), lambda: type("X", (type(None),), {}), lambda: type("X", (range,), {})):
    try:
        make()
    except TypeError as error:
        print(error)


class Base:
    registry = []

    def __init_subclass__(cls, /, tag=None, **kwargs):
        super().__init_subclass__(**kwargs)
        Base.registry.append((cls.__name__, tag))


class One(Base, tag="one"): pass
class Two(One): pass


print(Base.registry)
try:
    class Three(A, tag=1): pass
except TypeError as error:
    print(error)


class Stack(list):
    push = list.append

    def peek(self):
        return self[-1]


s = Stack([1, 2])
s.push(3)
print(s, s.peek(), len(s), s + [4], type(s + [4]).__name__, type(s[:]).__name__, isinstance(s, list), s == [1, 2, 3], Stack("ab"), sorted(s, reverse=True))


class Name(str):
    def shout(self):
        return self.upper() + "!"


n = Name("bob")
print(n.shout(), n + "x", type(n + "x"), type(n.upper()), n == "bob", {n: 1}["bob"], f"{n}", n[0], len(n), Name(5), "%s" % n, repr(n))


class Init:
    def __init__(self, *args, **kw):
        print("init", args, kw)


class Init2(Init):
    def __init__(self, a, b=2):
        super().__init__(a, b=b)


Init2(1)
try:
    class Bad:
        def __init__(self):
            return 5
    Bad()
except TypeError as error:
    print(error)


class Private:
    def __init__(self):
        self.__secret = 1

    def get(self):
        return self.__secret


class Sub(Private):
    def __init__(self):
        super().__init__()
        self.__secret = 2


p = Sub()
print(p.get(), sorted(vars(p).items()))
try:
    p.__secret
except AttributeError as error:
    print(error)


class Meth:
    def f(self): return "f"
    g = f
    h = staticmethod(lambda: "h")
    i = classmethod(lambda cls: cls.__name__)


print(Meth().g(), Meth.h(), Meth().h(), Meth.i(), type("Dyn", (Meth,), {"x": 1})().i())
