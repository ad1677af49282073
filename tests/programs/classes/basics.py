class Dog:
    """A dog."""
    kind = "canine"
    tricks = []

    def __init__(self, name):
        self.name = name

    def add(self, trick):
        self.tricks.append(trick)
        return self


d, e = Dog("Fido"), Dog("Buddy")
d.add("roll").add("sit")
print(d.kind, e.name, e.tricks, Dog.tricks is d.tricks, Dog.__name__, Dog.__doc__, Dog.__dict__["kind"], d.__dict__, Dog.__module__, Dog.__qualname__, Dog.__bases__)
d.kind = "changed"
print(d.kind, e.kind, Dog.kind, vars(d), sorted(n for n in dir(d) if not n.startswith("_")))
del d.kind
print(d.kind, hasattr(d, "nope"), getattr(d, "nope", None))
setattr(d, "age", 5); print(d.age); delattr(d, "age")
f = d.add
print(f.__self__ is d, f.__func__ is Dog.add, f.__name__, Dog.add(e, "x") is e, f == d.add, f is d.add, type(f).__name__, type(Dog.add).__name__)
Dog.bark = lambda self, n=1: self.name + " woof" * n
print(d.bark(2), e.bark())
d.bark = lambda: "own"
print(d.bark())
for bad in ("d.nope", "Dog.nope", "Dog()", "del_it(d)", "d()", "d + 1", "d[0]", "d < e", "len(d)", "iter(d)", "d.add.x", "Dog.name", "d.__init__()", "int(d)", "5 in d", "-d", "d.name.nope"):
    try:
        print(eval(bad, {"d": d, "e": e, "Dog": Dog, "del_it": lambda o: delattr(o, "zzz")}))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
try:
    d.add.x = 1
except AttributeError as error:
    print(error)
print(d == e, d == d, d != e, hash(d) == hash(d), d is d, isinstance(d, Dog), type(d) is Dog, d.__class__.__name__, bool(d))
d.__class__ = type("Cat", (Dog,), {"sound": "meow"})
print(type(d).__name__, d.sound, isinstance(d, Dog))
e.__dict__["injected"] = 1
e.__dict__.update(name="Max")
print(e.injected, e.name)
e.__dict__ = {"name": "fresh"}
print(vars(e))


class Empty:
    pass


o = Empty()
o.x, o.y = 1, 2
o.x += 10
print(vars(o), repr(Empty).startswith("<class '__main__.Empty'>"), repr(o).startswith("<__main__.Empty object at 0x"))
