from abc import ABC, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self): ...

    @property
    @abstractmethod
    def name(self): ...

    def describe(self):
        return f"{self.name} of area {self.area():.2f}"


class Circle(Shape):
    name = "circle"

    def __init__(self, r):
        self.r = r

    def area(self):
        return 3.14159 * self.r ** 2


class Square(Shape):
    def __init__(self, side):
        self.side = side

    name = property(lambda self: "square")

    def area(self):
        return self.side ** 2

    @classmethod
    def unit(cls):
        return cls(1)


for shape in (Circle(1), Square(2), Square.unit()):
    print(shape.describe(), isinstance(shape, Shape))
try:
    Shape()
except TypeError as error:
    print(error)


class Half(Shape):
    def area(self): return 0


try:
    Half()
except TypeError as error:
    print(error)


class Singleton:
    _instance = None

    def __new__(cls, *args):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __init__(self, value):
        self.value = value


a, b = Singleton(1), Singleton(2)
print(a is b, a.value)


class Builder:
    def __init__(self):
        self.parts = []

    def __getattr__(self, name):
        def add(*args):
            self.parts.append(f"{name}({', '.join(map(repr, args))})")
            return self
        return add

    def __str__(self):
        return ".".join(self.parts)


print(Builder().select("a", 1).where(x=1) if False else Builder().select("a", 1).where("x"))


class LoggedMixin:
    def __setattr__(self, name, value):
        print("log", name, value)
        super().__setattr__(name, value)


class CountedMixin:
    count = 0

    def __init__(self, *args):
        super().__init__(*args)
        type(self).count += 1


class Base:
    def __init__(self, x=0):
        self.x = x


class Both(CountedMixin, LoggedMixin, Base):
    pass


Both(5); Both()
print(Both.count, CountedMixin.count, [c.__name__ for c in Both.__mro__])


class Enumish:
    def __init_subclass__(cls):
        cls.members = [k for k, v in vars(cls).items() if isinstance(v, int)]


class Color(Enumish):
    RED = 1
    GREEN = 2


print(Color.members)
from enum import Enum, auto


class Day(Enum):
    MON = 1
    TUE = auto()

    @property
    def nice(self):
        return self.name.title()


print(Day.MON, repr(Day.TUE), Day(2), Day["MON"], list(Day), Day.TUE.value, Day.MON is Day.MON, Day.MON.nice, Day.MON == 1, len(Day))
try:
    Day(9)
except ValueError as error:
    print(error)
