class Temperature:
    def __init__(self, celsius=0):
        self.celsius = celsius

    @property
    def celsius(self):
        """Degrees."""
        return self._celsius

    @celsius.setter
    def celsius(self, value):
        if value < -273:
            raise ValueError("too cold")
        self._celsius = value

    @celsius.deleter
    def celsius(self):
        print("deleted")
        del self._celsius

    @property
    def readonly(self):
        return 1

    fahrenheit = property(lambda self: self.celsius * 9 / 5 + 32, doc="F")


t = Temperature(25)
print(t.celsius, t.fahrenheit, Temperature.celsius.__doc__, Temperature.fahrenheit.__doc__, type(Temperature.celsius).__name__)
t.celsius = 30
print(t.celsius, vars(t))
for bad in ("t.celsius = -300", "t.readonly = 5", "del t.readonly", "t.fahrenheit = 1", "Temperature(-500)", "t.missing", "property(1, 2, 3, 4, 5)"):
    try:
        exec(bad)
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
del t.celsius
try:
    t.celsius
except AttributeError as error:
    print(error)


class Typed:
    def __init__(self, kind):
        self.kind = kind

    def __set_name__(self, owner, name):
        self.name = name
        print("set_name", owner.__name__, name)

    def __get__(self, obj, owner):
        if obj is None:
            return self
        return obj.__dict__.get(self.name, f"no {self.name}")

    def __set__(self, obj, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name} must be {self.kind.__name__}")
        obj.__dict__[self.name] = value

    def __delete__(self, obj):
        obj.__dict__.pop(self.name)


class Person:
    name = Typed(str)
    age = Typed(int)


p = Person()
print(p.name)
p.name, p.age = "Ann", 5
print(p.name, p.age, isinstance(Person.name, Typed), vars(p))
try:
    p.age = "x"
except TypeError as error:
    print(error)
del p.age
print(p.age)


class NonData:
    def __get__(self, obj, owner):
        return "from descriptor"


class H:
    attr = NonData()
    meth = len


h = H()
print(h.attr, H.attr)
h.attr = "instance"
print(h.attr, H().meth("four"))


class Cached:
    def __init__(self, f):
        self.f = f

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, obj, owner=None):
        value = self.f(obj)
        obj.__dict__[self.name] = value
        return value


class Data:
    @Cached
    def slow(self):
        print("computing")
        return 42


x = Data()
print(x.slow, x.slow)


class WithCls:
    count = 0

    @classmethod
    def bump(cls):
        cls.count += 1
        return cls.count

    @staticmethod
    def static(a, b=2):
        return a + b


print(WithCls.bump(), WithCls().bump(), WithCls.static(1), WithCls().static(1, 1), type(WithCls.__dict__["bump"]).__name__, WithCls.__dict__["static"].__func__(1), WithCls.__dict__["static"](5))
