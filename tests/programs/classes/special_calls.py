# Special methods of Python classes, called by operators, loops and builtins: results, NotImplemented, checks of the result.
class V:
    def __init__(s, x): s.x = x
    def __add__(s, o): return V(s.x + o.x) if isinstance(o, V) else NotImplemented
    def __radd__(s, o): return V(s.x + o)
    def __mul__(s, o): return NotImplemented
    def __eq__(s, o): return s.x == o.x if isinstance(o, V) else NotImplemented
    def __lt__(s, o): return [] if s.x < o.x else 0
    def __getitem__(s, i):
        if i > 3: raise IndexError(i)
        return i * 2
    def __setitem__(s, i, v): s.d = (i, v); return 5
    def __len__(s): return s.x
    def __bool__(s): return s.x != 3
    def __call__(s, *a, **k): return a, k
    def __contains__(s, o): return [o] if o else ""
    def __iter__(s): return It(3)
    def __repr__(s): return "V(%r)" % s.x
    def __hash__(s): return 7
    def __getattr__(s, n):
        if n.startswith("q"): return n
        raise AttributeError(n)
    @property
    def p(s): return s.x * 10
    @p.setter
    def p(s, v): s.x = v
    def __int__(s): return "no"
    def __enter__(s): print("enter"); return s
    def __exit__(s, *a): print("exit", a[0]); return True
class It:
    def __init__(s, n): s.n = n
    def __iter__(s): return s
    def __next__(s):
        s.n -= 1
        if s.n < 0: raise StopIteration(9)
        return s.n
a, b = V(1), V(2)
print(a + b, 5 + a, a == b, a == 3, a != b, a < b, b < a, a[1], len(a), bool(V(3)), a(1, 2, k=3), 1 in a, 0 in a, [*a], a.qq, a.p)
a[3] = 4; print(a.d); a.p = 8; print(a.x)
try: a * b
except TypeError as e: print(e)
try: a + 1
except AttributeError as e: print(e)
except TypeError as e: print(e)
try: a.zz
except AttributeError as e: print(e)
try: int(a)
except TypeError as e: print(e)
try: a[5]
except IndexError as e: print("I", e)
for i in a: print(i)
print(next(It(1)), next(It(0), "def"))
try: next(It(0))
except StopIteration as e: print("stop", e.value)
def g(): r = yield from It(2); print("r", r)
print(list(g()))
def f(x):
    if x == 2: raise StopIteration
    return x
print(list(map(f, range(5))))
for i in map(f, range(5)): print("m", i)
class C: 
    def __len__(s): return -1
try: len(C())
except ValueError as e: print(e)
if not V(3): print("false")
while V(3): break
print({V(1): 2}[V(1)], f"{a!r:>5}|{a}", sorted([V(3), V(1)], key=lambda v: v.x))
with a: raise ValueError(1)
class D:
    def __get__(s, i, o): return 42
    def __set__(s, i, v): print("set", v)
class E_:
    d = D()
e = E_(); print(e.d); e.d = 3
class F:
    def __add__(s, o): yield 1
print(list(F() + 1), max(V(1), V(2), key=lambda v: -v.x), a is not b)
class Bad:
    def __eq__(s, o): raise ValueError("eq")
try: Bad() == 1
except ValueError as e: print(e.__traceback__.tb_next.tb_lineno)
