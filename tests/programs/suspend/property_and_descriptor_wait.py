# Attribute protocol parts that wait: property, descriptor, __getattribute__, __setattr__, metaclass, class creation.
import time


class Field:
    def __set_name__(self, owner, name):
        time.sleep(0.0002)
        self.name = "_" + name
        print("named", name)

    def __get__(self, obj, owner=None):
        time.sleep(0.0002)
        return self if obj is None else getattr(obj, self.name, 0)

    def __set__(self, obj, value):
        time.sleep(0.0002)
        setattr(obj, self.name, value)


class Meta(type):
    def __new__(meta, name, bases, names):
        time.sleep(0.0002)
        return super().__new__(meta, name, bases, names)

    def __call__(cls, *args):
        time.sleep(0.0002)
        print("making", cls.__name__)
        return super().__call__(*args)

    def __prepare__(name, bases):
        time.sleep(0.0002)
        return {"prepared": True}

    def __instancecheck__(cls, obj):
        time.sleep(0.0002)
        return obj == "magic"


class Point(metaclass=Meta):
    x = Field()
    y = Field()

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __init_subclass__(cls, **kwargs):
        time.sleep(0.0002)
        print("subclass", cls.__name__)

    def __getattribute__(self, name):
        time.sleep(0.0001)
        return super().__getattribute__(name)

    def __setattr__(self, name, value):
        time.sleep(0.0001)
        object.__setattr__(self, name, value)

    @property
    def sum(self):
        time.sleep(0.0001)
        return self.x + self.y

    @sum.setter
    def sum(self, value):
        time.sleep(0.0001)
        self.x = value - self.y


p = Point(1, 2)
print(p.x, p.y, p.sum, Point.prepared)
p.sum = 10
p.x += 5
print(p.x, p.y, p.sum)
print(isinstance("magic", Point), isinstance(1, Point))


class Sub(Point):
    pass


print(Sub(3, 4).sum, hasattr(p, "nothing"), getattr(p, "nothing", "default"))
