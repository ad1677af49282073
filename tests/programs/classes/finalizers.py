import _thread, time, sys
def t():
    1/0
time.sleep(0.01)
class C:
    def __init__(self): yield 1
for f in (lambda: C(), lambda: type("D", (), {"__init__": lambda self: 5})()):
    try: f()
    except TypeError as e: print(e)
import gc, weakref
class N:
    def __init__(self, n): self.n = n
    def __del__(self): print("del", self.n)
a = N("a"); b = N("b"); a.o = b; b.o = a
r = weakref.ref(a, lambda r: print("cb", r()))
del a, b
print(gc.collect() > 0, r())
class Res:
    keep = []
    def __del__(self): Res.keep.append(self)
x = Res(); x.me = x; del x
gc.collect(); print(len(Res.keep), Res.keep[0].me is Res.keep[0])
Res.keep.clear(); gc.collect(); print(len(Res.keep))
def gen():
    try: yield 1
    finally: print("gen closed")
g = gen(); next(g); g2 = [g]; g2.append(g2); del g, g2
print("before"); gc.collect(); print("after")
def scope():
    g = gen(); next(g)
    print("leaving")
scope()
print("left")
for v in gen(): break
print("broke")
class CM:
    def __enter__(self): return self
    def __exit__(self, *a): print("exit", a[0]); return False
def g3():
    with CM():
        yield 1
h = g3(); next(h); del h
print("done")
try:
    with CM(): raise KeyError("k")
except KeyError as e: print(repr(e))
d = {"k": N("indict")}
d["k"] = None
l = [N("inlist")]
l[0] = 1
class Obj: pass
o = Obj(); o.a = N("attr"); o.a = None
print("end")
def f():
    x = N("local1"); x = None
    print("after local1")
    y = N("l2"); y = N("l3")
    print("after l2")
    del y
    print("after l3")
f()
