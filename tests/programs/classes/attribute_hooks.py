class Hooked:
    def __init__(self):
        object.__setattr__(self, "log", [])

    def __getattr__(self, name):
        if name.startswith("dyn_"):
            return name[4:]
        raise AttributeError(f"custom: {name}")

    def __setattr__(self, name, value):
        self.log.append(("set", name))
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        self.log.append(("del", name))
        object.__delattr__(self, name)

    def __dir__(self):
        return ["z", "a"]


h = Hooked()
h.x = 1
print(h.x, h.dyn_thing, h.log)
del h.x
print(h.log, dir(h), hasattr(h, "nope"), hasattr(h, "dyn_x"))
for bad in ("h.nope", "del h.nope"):
    try:
        exec(bad)
    except AttributeError as error:
        print(error)


class All:
    real = 5

    def __getattribute__(self, name):
        if name == "secret":
            raise AttributeError("hidden")
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        return f"fallback {name}"


a = All()
print(a.real, a.secret, a.other, getattr(a, "x"))


class Slots:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a = 1


s = Slots()
print(s.a, hasattr(s, "b"), hasattr(s, "__dict__"), Slots.__slots__)
for bad in ("s.c = 1", "s.b", "del s.b", "s.__dict__"):
    try:
        exec(bad)
    except AttributeError as error:
        print(bad, "->", error)


class SubSlots(Slots):
    __slots__ = ("c",)


class Open(Slots):
    pass


x, y = SubSlots(), Open()
x.c = 3
y.free = 4
print(x.a, x.c, y.free, vars(y), type(Slots.a).__name__)
try:
    class Clash:
        __slots__ = ("v",)
        v = 1
except ValueError as error:
    print(error)


class Proxy:
    def __init__(self, target):
        self._target = target

    def __getattr__(self, name):
        print("forward", name)
        return getattr(self._target, name)


p = Proxy([3, 1])
p.append(2)
p.sort()
print(p._target)
try:
    len(p)
except TypeError as error:
    print(error)


class Counter:
    total = 0

    def __init__(self):
        type(self).total += 1
        self.total = self.total + 10


Counter(); c = Counter()
print(Counter.total, c.total)
try:
    (5).x = 1
except AttributeError as error:
    print(error)
try:
    int.x = 1
except TypeError as error:
    print(error)
try:
    None.x = 1
except AttributeError as error:
    print(error)
