# What builtins take from generators in bulk: every length around their buffer's, items with Python code, errors on the way.
class E(Exception): pass
def bad(n):
    for i in range(n): yield i
    raise E("x")
def g(n):
    for i in range(n): yield i
for f in (set, list, tuple, sum, any, all, frozenset, sorted, max):
    for n in (0, 3, 15, 16, 17, 100):
        try: print(f.__name__, n, f(g(n)))
        except Exception as e: print(f.__name__, n, type(e).__name__, e)
        try: print(f(bad(n)))
        except Exception as e: print(f.__name__, n, type(e).__name__, e)
class H:
    def __init__(s, v): s.v = v
    def __hash__(s): print("hash", s.v); return 1
    def __eq__(s, o): print("eq", s.v, o.v if isinstance(o, H) else o); return isinstance(o, H) and s.v == o.v
    def __bool__(s): print("bool", s.v); return s.v > 1
    def __radd__(s, o): print("radd", o); return o + s.v
    def __repr__(s): return f"H{s.v}"
print(set(H(i) for i in range(3)))
print(set(x for x in (1, 2, H(1), H(1), 5)))
print(any(H(i) for i in range(4)), all(H(i) for i in range(2, 5)), all(H(i) for i in range(4)))
print(sum(H(i) for i in range(4)), sum((x for x in (1, 2.5, H(3), True, 2**60)), 10))
print(sum(x for x in (1, 2, 2**62, 2**62, 3.5)), sum((x for x in ([1],[2])), []))
def stop():
    yield 1
    raise StopIteration(5)
for f in (list, tuple, set, sum, any, ",".join):
    try: print(f(stop()))
    except RuntimeError as e: print(e, repr(e.__cause__))
def partial():
    yield 1; yield 2; yield 3
p = partial(); next(p); print(list(p), list(p))
def rec():
    yield list(me)
me = rec()
try: list(me)
except ValueError as e: print(e)
print(",".join(str(i) for i in range(40)))
try: ",".join(i for i in (1, 2))
except TypeError as e: print(e)
def deep(n): return sum(deep(n - 1) for _ in range(1)) if n else 1
print(deep(100))
try: set([] for _ in range(2))
except TypeError as e: print(e)
def closing():
    try:
        yield 1; yield 0
    finally: print("closed")
print(any(closing()))
def sub(): yield from g(20); yield "end"; return 3
print(list(sub()), sorted(set(sub()), key=str))
try:
    raise KeyError(1)
except KeyError:
    def ctx():
        yield 1
        yield 1 / 0
    try: list(ctx())
    except ZeroDivisionError as e: print(repr(e.__context__))
