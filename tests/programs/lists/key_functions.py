# Key functions of all kinds, properties and subscripts that fail or are builtins.
print(sorted(range(1000), key=lambda x: -x)[:5], sorted(["b", "A"], key=str.lower), sorted([[2], [1, 2]], key=len))
try: sorted([1, 2], key=lambda x: 1 / (x - 2))
except ZeroDivisionError as e: print(e)
l = [3, 1, 2]
def k(x):
    print(len(l)); return x
l.sort(key=k); print(l)
def gen(x): yield x
try: sorted([1, 2], key=gen)
except TypeError as e: print(e)
class P:
    @property
    def a(self): return self.b
    @property
    def b(self): raise AttributeError("inner")
    def __getitem__(self, i): return self.n[i]
try: P().a
except AttributeError as e: print(e)
x = P(); x.n = [1]; x = x[0]; print(x)
class Q: a = property(len)
try: Q().a
except TypeError as e: print(e)
class R: __getitem__ = print
R()[1]
