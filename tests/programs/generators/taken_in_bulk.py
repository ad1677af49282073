def g():
    for i in range(5):
        yield i
print(list(g()), tuple(g()), set(g()), sum(g()), any(x == 3 for x in g()), all(x < 3 for x in g()), sorted(g()))
def h():
    yield from g()
    yield from [7, 8, 9]
    yield from h2()
def h2():
    yield "x"
    r = yield from h3()
    yield r
def h3():
    yield from ()
    return 42
print(list(h()), len(set(h())))
def boom():
    yield 1; yield 2
    raise ValueError("no")
for f in (list, set, sum, any, tuple, sorted):
    try: print(f(boom()))
    except ValueError as e:
        print(f.__name__, e, e.__traceback__.tb_next.tb_frame.f_code.co_name, e.__traceback__.tb_next.tb_lineno)
def noisy():
    for x in (1, "a", 2, [3], 4):
        print("y", x); yield x
for f in (sum, set, frozenset, list):
    try: print(f(noisy()))
    except TypeError as e: print(f.__name__, e)
s = set()
s.update(x for x in range(5) if x - 1 not in s)
print(s)
def me():
    yield 1
    try: yield list(it)
    except ValueError as e: print(e)
    yield 3
it = me()
print(list(it))
it = me(); print(next(it), list(it), list(it), next(it, 5))
def deep(n):
    if n: yield from deep(n - 1)
    else: yield 1; yield 2
import sys
sys.setrecursionlimit(100000)
print(sum(deep(5000)), list(deep(3000)), [x for x in deep(2000)])
def big():
    for i in range(100000): yield i
print(sum(big()), len(list(big())), len(set(big())), sum(x * .5 for x in big()), sum((1 << 60 for _ in range(100))), any(big()), all(big()))
print(any(x for x in [0, None, False, "", [], 5]), all(x for x in [1, True, "s", [1], 0]))
class T:
    def __bool__(self): print("bool"); return True
def tt():
    yield T(); print("between"); yield T()
print(all(tt()), any(tt()))
class H:
    def __init__(self, n): self.n = n
    def __hash__(self): print("hash", self.n); return self.n
    def __eq__(self, o): print("eq"); return True
def hh():
    for i in range(3): print("make", i); yield H(1)
print(len(set(hh())))
class A:
    def __init__(self, n): self.n = n
    def __radd__(self, o): print("radd"); return self
    def __add__(self, o): print("add", type(o)); return self
def aa():
    for i in range(3): print("make", i); yield A(i) if i < 2 else i
sum(aa())
print(set("abc") | set() == set("abc"), {1, 2} | {3}, frozenset({1}) | {2}, {1} | frozenset())
def co():
    x = yield 1
    while True:
        x = yield x
def deleg(): yield from co()
c = deleg(); print(next(c), c.send(5), c.send(6), next(c))
def fr():
    import sys
    yield sys._getframe().f_code.co_name
    yield sys._getframe(1).f_code.co_name
print(list(fr()))
gg = fr(); next(gg); print(gg.gi_frame.f_lineno, gg.gi_running); next(gg); print(gg.gi_frame.f_lineno)
print(", ".join(str(i) for i in range(20)), dict((i, i * i) for i in range(4)), max(i % 7 for i in range(20)), bytes(i for i in range(4)))
