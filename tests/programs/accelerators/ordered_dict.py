from collections import OrderedDict, Counter
import pickle, copy, weakref

od = OrderedDict([("a", 1), ("b", 2), ("c", 3)])
print(od, list(od), list(reversed(od)), od == dict(od), od == OrderedDict(reversed(list(od.items()))))
od.move_to_end("a"); print(od)
od.move_to_end("c", last=False); print(od)
od.move_to_end("a", False); od.move_to_end("b", False); print(od, od.popitem(), od.popitem(last=False), od)
for bad in (lambda: od.move_to_end("zz"), lambda: OrderedDict().popitem(), lambda: od.pop("zz"), lambda: OrderedDict(1, 2),
            lambda: od.update(1, 2), lambda: OrderedDict([1]), lambda: OrderedDict([(1, 2, 3)]), lambda: OrderedDict([()]),
            lambda: OrderedDict([(1,)]), lambda: od["nope"], lambda: OrderedDict(5)):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__ + ":", e)
print(od.pop("zz", 7), od.pop("a"), od, OrderedDict())
od = OrderedDict(x=1, y=2); od.update({"z": 3}, w=4); od.update([("v", 5)]); print(od)
print(od.keys(), od.values(), od.items(), list(reversed(od.keys())), list(reversed(od.values())), list(reversed(od.items())))
print(od.setdefault("q", 9), od.setdefault("x", 0), od.setdefault(key="r"), od)
print(OrderedDict.fromkeys("abc"), OrderedDict.fromkeys("ab", value=1))
c = od.copy(); c["new"] = 1; print(c == od, type(c).__name__, copy.copy(od) == od, copy.deepcopy(od) == od)
for proto in range(6):
    p = pickle.loads(pickle.dumps(od, proto))
    assert p == od and type(p) is OrderedDict
print(od | {"x": 100}, {"x": 1} | OrderedDict(y=2), type({} | od).__name__)
od |= {"x": 5}; print(od)
class Sub(OrderedDict):
    def __setitem__(self, k, v):
        super().__setitem__(k, v * 2)
    def __missing__(self, k):
        return "missing"
s = Sub(a=1); s["b"] = 2; s.tag = "t"
print(s, s["zz"], s.pop("b"), pickle.loads(pickle.dumps(OrderedDict(a=1))), s.copy(), Sub.fromkeys("x", 3))
print(copy.copy(s).tag)
od = OrderedDict((i, i) for i in range(5))
for action in (lambda: od.__setitem__(99, 1), lambda: od.move_to_end(0), lambda: od.pop(1), lambda: od.clear()):
    try:
        for k in od:
            action()
    except RuntimeError as e:
        print("RuntimeError:", e)
r = OrderedDict(); r['self'] = [r]; print(r)
print(weakref.ref(od)() is od, OrderedDict(a=1, b=2) != OrderedDict(b=2, a=1))
od = OrderedDict()
for i in range(300):
    od[i] = i
for i in range(0, 300, 3):
    od.move_to_end(i, last=bool(i % 2))
out = [od.popitem(last=i % 2 == 0)[0] for i in range(200)]
print(out[:20], list(od)[:10], len(od), sum(od))
for i in range(50):
    od.move_to_end(next(iter(od))); od.move_to_end(next(reversed(od)), last=False)
print(list(od)[:5], sorted(od) == sorted(set(od)), all(od[k] == k for k in od))
it = iter(OrderedDict(a=1, b=2, c=3)); next(it)
print(list(copy.copy(it)), list(it), list(pickle.loads(pickle.dumps(iter(OrderedDict(a=1))))))
class E:
    def __init__(self, v): self.v = v
    def __hash__(self): return 1
    def __eq__(self, o): return isinstance(o, E) and self.v == o.v
d = OrderedDict((E(i), i) for i in range(4)); d.move_to_end(E(1)); print(list(d.values()), d.pop(E(2)), d[E(3)], d == OrderedDict((E(i), i) for i in (0, 3, 1)))
cn = Counter("abracadabra"); cn.update({"a": 1}); print(cn, cn.most_common(2), Counter([1, 1.0, True]))
class MyC(Counter):
    def __setitem__(self, k, v): super().__setitem__(k, v + 10)
print(MyC("aab"))
