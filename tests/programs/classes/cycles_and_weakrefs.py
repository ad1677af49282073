import gc
import weakref


class Node:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


a, b = Node("a"), Node("b")
a.other, b.other = b, a
ref = weakref.ref(a)
print(ref() is a)
del a, b
print("unreachable", ref() is None)
gc.collect()
print("collected", ref() is None)
c = Node("self")
c.me = c
del c
gc.collect()
print("self gone")


def callback(r):
    print("callback", r() is None)


d = Node("d")
w = weakref.ref(d, callback)
print(w().name, weakref.ref(d) is not None, weakref.getweakrefcount(d) >= 1)
del d
print("dead", w())
lst = [1]
lst.append(lst)
lst2 = lambda: lst2
del lst, lst2
gc.collect()
e = Node("proxied")
p = weakref.proxy(e)
print(p.name)
p.name = "changed"
print(e.name)
del e
try:
    p.name
except ReferenceError as error:
    print(error)
for bad in (5, "text", None, (1,), []):
    try:
        weakref.ref(bad)
    except TypeError as error:
        print(error)
vd = weakref.WeakValueDictionary()
n = Node("in dict")
vd["k"] = n
print(len(vd), vd["k"].name)
del n
print(len(vd), "k" in vd)
ws = weakref.WeakSet()
m = Node("in set")
ws.add(m)
print(len(ws), m in ws)
m = None
print(len(ws))
gc.disable()
print(gc.isenabled())
gc.enable()
print(gc.isenabled(), isinstance(gc.collect(), int))
