import operator, pickle, copy
from operator import *

class V:
    def __add__(self, o): return "add"
    def __iadd__(self, o): return "iadd"
    def __index__(self): return 3
    def __contains__(self, x): return x == 1
    def __getitem__(self, k): return k
    def __bool__(self): return False
    def __len__(self): return 5
v = V()
print(add(v, 1), iadd(v, 1), index(v), contains(v, 1), getitem(v, "k"), truth(v), not_(v), is_none(None), is_not_none(v))
print(add(1, 2), sub(5, 3), mul(2, "a"), truediv(1, 2), floordiv(7, 2), mod(7, 4), pow(2, 10), lshift(1, 4), rshift(256, 2),
      and_(6, 3), or_(6, 3), xor(6, 3), neg(5), pos(-5), inv(7), invert(7), abs(-3))
print(lt(1, 2), le(2, 2), eq(1, 1.0), ne(1, 2), gt(1, 2), ge(1, 2), is_(v, v), is_not(v, v))
l = [1, 2, 3]
setitem(l, 0, 9); delitem(l, 1); print(l, iconcat(l, [4]), l, concat((1,), (2,)), concat("a", "b"))
print(indexOf([5, 6, 7], 7), countOf("banana", "a"), length_hint(iter([1, 2])), length_hint(5, 8), length_hint(v), call(max, 1, 2), call(dict, a=1))
print(ipow(2, 3), imatmul.__doc__, isub([1] and 5, 2))
for bad in (lambda: concat(1, 2), lambda: indexOf([1], 2), lambda: countOf(5, 1), lambda: length_hint([], "x"),
            lambda: add(1), lambda: index("a"), lambda: concat([1], 2), lambda: length_hint(), lambda: indexOf(1, 2),
            lambda: itemgetter(), lambda: attrgetter(), lambda: attrgetter(1), lambda: methodcaller(), lambda: methodcaller(1),
            lambda: itemgetter(1)(), lambda: itemgetter(1)(1, 2), lambda: itemgetter(0)(x=1), lambda: attrgetter("a.b")(1),
            lambda: itemgetter(9)([1]), lambda: methodcaller("nope")(1)):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__ + ":", e)
print(itemgetter(1)("abc"), itemgetter(0, 2)("abc"), itemgetter(slice(1, 3))("abcd"), itemgetter("k")({"k": 1}))
class A: pass
a = A(); a.b = A(); a.b.c = 5; a.d = 6
print(attrgetter("b.c")(a), attrgetter("b.c", "d")(a), attrgetter("d")(a))
print(methodcaller("upper")("x"), methodcaller("split", ",", maxsplit=1)("a,b,c"))
print(itemgetter(1, "x"), attrgetter("a.b", "c"), methodcaller("m", 1, k=2), methodcaller("m"))
for g in (itemgetter(1), itemgetter(1, 2), attrgetter("__class__"), attrgetter("__class__.__name__", "__doc__"), methodcaller("count", 1)):
    for proto in range(6):
        g2 = pickle.loads(pickle.dumps(g, proto))
        assert repr(g2) == repr(g)
    assert repr(copy.copy(g)) == repr(g)
print(pickle.loads(pickle.dumps(methodcaller("split", sep="b")))("abc"))
print(__import__("_operator")._compare_digest("a", "a"), __import__("_operator")._compare_digest(b"a", bytearray(b"b")))
for x, y in (("a", b"a"), ("\xe9", "a"), (1, 2)):
    try:
        __import__("_operator")._compare_digest(x, y)
    except TypeError as e:
        print("TypeError:", e)
print(sorted([("b", 2), ("a", 3)], key=itemgetter(1)), sorted([a, a], key=attrgetter("d")) == [a, a])
