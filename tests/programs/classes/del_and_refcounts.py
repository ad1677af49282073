import sys


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


a = Loud("a")
b = a
del a
print("still b")
b = None
print("after b")
Loud("temp")
print("after temp")


def f():
    x = Loud("local")
    y = Loud("second")
    print("in f")


f()
print("after f")
items = [Loud("i0"), Loud("i1"), Loud("i2")]
items.pop(1)
print("popped")
items[0] = None
print("replaced")
items.clear()
print("cleared")
d = {"k": Loud("value"), Loud("key"): 1}
del d["k"]
d = None
print("dict gone")


def g():
    yield Loud("yielded")
    yield 2


for v in g():
    v = None
    break
print("generator left")
try:
    raise ValueError(Loud("in exception"))
except ValueError as error:
    print("caught")
print("after except")
x = Loud("old")
x = Loud("new")
print("rebound")
x.other = Loud("child")
del x
t = (Loud("t1"), Loud("t2"))
first, second = t
del t, first
print("second stays")
second = None


class Resurrect:
    saved = None

    def __del__(self):
        print("resurrecting")
        Resurrect.saved = self


r = Resurrect()
del r
print(Resurrect.saved is not None)
Resurrect.saved = None
print("once only")
print(sys.getrefcount(object()) <= 2)
n = Loud("closure")
fn = (lambda n: lambda: n)(n)
del n
print(fn().name)
del fn
print([Loud(i).name for i in range(2)])
Loud("chain").name.upper()
print("end")
