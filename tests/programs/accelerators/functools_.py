import functools, operator, pickle, copy, sys
from functools import partial, Placeholder as _, reduce, cmp_to_key, lru_cache, cache

def f(*a, **k):
    return a, k

p = partial(f, 1, 2, x=3)
print(p(4, y=5), p(x=6), p.func is f, p.args, p.keywords)
print(partial(p, 9, z=1).args, partial(p, 9, z=1).keywords, partial(p).func is f)
q = partial(f, _, 2, _, 4)
print(q(1, 3), q(1, 3, 5), partial(q, 10)(30, 50), partial(q, 10).args)
for bad in (lambda: q(1), lambda: partial(), lambda: partial(3), lambda: partial(f, _), lambda: partial(f, x=_)):
    try:
        bad()
    except TypeError as e:
        print("TypeError:", e)
class P(partial):
    pass
pp = P(print, "a", sep="-")
pp.attr = 5
print(repr(pp).replace(repr(print), "PRINT"), repr(_), type(_).__name__)
pp("b", "c")
r = partial(f)
r.__setstate__((f, (1,), {"k": r}, {"w": 1}))
print(r.w, r.args, repr(r).count("..."))
for state in (None, (f,), (1, (), {}, None), (f, [], {}, None), (f, (), [], None), (f, (_,), {}, None)):
    try:
        r.__setstate__(state)
    except TypeError as e:
        print("TypeError:", e)
print(pickle.loads(pickle.dumps(partial(operator.add, 1)))(2), copy.copy(pp).attr)
class M:
    m = partial(f, "bound?")
    pm = functools.partialmethod(f, "m")
print(len(M().m()[0]), len(M().pm()[0]))
print(partial[int])

print(reduce(operator.add, [1, 2, 3]), reduce(lambda a, b: a + b, "abc", "-"), reduce(operator.add, [], initial=7))
for bad in (lambda: reduce(operator.add, []), lambda: reduce(operator.add, 5), lambda: reduce(1)):
    try:
        bad()
    except TypeError as e:
        print("TypeError:", e)

K = cmp_to_key(lambda a, b: (a > b) - (a < b))
print(sorted([3, 1, 2], key=K), K(1) < K(2), K(1) == K(1), K(obj=4).obj, K(2) >= K(3))
for bad in (lambda: K(), lambda: K(1) < 2, lambda: cmp_to_key(), lambda: K(1, 2)):
    try:
        bad()
    except TypeError as e:
        print("TypeError:", e)
print(sorted([(2, "x"), (1, "y")], key=cmp_to_key(lambda a, b: b[0] - a[0])))

calls = []
@lru_cache(maxsize=2)
def g(x, *a, **k):
    "doc of g"
    calls.append(x)
    return x, a, k
print(g(1), g(1), g(2), g(1), g(3), g(2), calls)
print(g.cache_info(), g.__name__, g.__doc__, g.__wrapped__.__name__, g.cache_parameters())
g.cache_clear()
print(g.cache_info())
try:
    g([])
except TypeError as e:
    print("TypeError:", e)
@lru_cache(typed=True)
def h(x, y=0):
    return type(x).__name__
print(h(1), h(1.0), h(True), h(1), h.cache_info())
@cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(120), fib.cache_info())
@lru_cache(0)
def none(x):
    return x
print(none(1), none(1), none.cache_info())
class Eq:
    def __init__(self, v):
        self.v = v
    def __hash__(self):
        return 7
    def __eq__(self, o):
        return self.v == o.v
@lru_cache(3)
def e(x):
    return x.v
print([e(Eq(i % 4)) for i in range(10)], e.cache_info())
class C:
    @lru_cache(None)
    def meth(self, x):
        return x * 2
c = C()
print(c.meth(2), c.meth(2), C.meth.cache_info(), c.meth.__self__ is c)
print(pickle.loads(pickle.dumps(fib)) is fib, copy.deepcopy(fib) is fib)
@lru_cache(maxsize=4)
def boom(x):
    raise ValueError(x)
for i in range(2):
    try:
        boom(1)
    except ValueError as e:
        print("ValueError", e)
print(boom.cache_info())
for bad in (lambda: functools._lru_cache_wrapper(1, 2, 3, 4), lambda: lru_cache("x")(f)):
    try:
        bad()
    except TypeError as e:
        print("TypeError:", e)
@lru_cache(maxsize=1)
def reenter(n):
    if n:
        reenter(n - 1)
    return n
print(reenter(5), reenter.cache_info())
