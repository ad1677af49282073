# Random operations on lists, dicts and sets, sorting, ranges.
def show(*a): print(*a)
# random differential, deterministic LCG
class R:
    def __init__(s, seed): s.x = seed
    def n(s, k):
        s.x = (s.x * 1103515245 + 12345) % (1 << 31)
        return (s.x >> 8) % k
r = R(42)
out = []
l = []
for step in range(3000):
    k = r.n(16)
    try:
        if k == 0: l.append(r.n(50))
        elif k == 1: l.insert(r.n(30) - 15, r.n(50))
        elif k == 2: out.append(l.pop(r.n(20) - 10))
        elif k == 3: l[r.n(20)-10:r.n(20)-10] = [r.n(9)] * r.n(4)
        elif k == 4: del l[r.n(30)-15:r.n(30)-15:r.n(4)+1]
        elif k == 5: l.extend(range(r.n(5)))
        elif k == 6: out.append(l[r.n(30)-15:r.n(30)-15:(r.n(4)+1)*(-1 if r.n(2) else 1)])
        elif k == 7: l.reverse()
        elif k == 8: l.sort(key=lambda v: (v % 7, v), reverse=bool(r.n(2)))
        elif k == 9: out.append(l.index(r.n(50), r.n(10), r.n(40)))
        elif k == 10: l.remove(r.n(50))
        elif k == 11: out.append((l.count(r.n(10)), r.n(50) in l))
        elif k == 12: out.append(l[r.n(40)-20])
        elif k == 13: l[r.n(40)-20] = r.n(50)
        elif k == 14:
            st = r.n(3) + 2; l[::st] = [7] * (len(l[::st]) if r.n(2) else 3)
        elif k == 15: l = l * (1 if len(l) > 30 else 2); l = l[:60]
    except (IndexError, ValueError) as e:
        out.append(str(e))
show(hash(str(out)) is not None, len(str(out)), str(out)[-300:], l)
d = {}; e = {}
for step in range(3000):
    k = r.n(12); a = r.n(40); b = r.n(100)
    try:
        if k < 3: d[a] = b
        elif k == 3: out.append(d.pop(a))
        elif k == 4: del d[a]
        elif k == 5: out.append(d.setdefault(a, b))
        elif k == 6: out.append(d.popitem())
        elif k == 7: e = dict(list(d.items())[::2]); d |= e
        elif k == 8: out.append((d.get(a), a in d, len(d)))
        elif k == 9: d.update({a: 1, b % 40: 2})
        elif k == 10: out.append(list(reversed(d))[:3])
        elif k == 11: out.append((d.keys() & e.keys() == set(d) & set(e), d == e, list((e | d).items())[:4]))
    except KeyError as err:
        out.append(repr(err))
show(len(str(out)), str(out)[-400:], d)
s = set(); t = set()
for step in range(4000):
    k = r.n(14); a = r.n(200)
    try:
        if k < 4: s.add(a)
        elif k == 4: s.discard(a)
        elif k == 5: s.remove(a)
        elif k == 6: out.append(s.pop())
        elif k == 7: t = {a, a + 1, a * 3} | set(list(s)[::3])
        elif k == 8: out.append(list(s | t)[:6])
        elif k == 9: out.append(list(s & t))
        elif k == 10: out.append(list(s - t)[:6])
        elif k == 11: out.append(list(s ^ t)[:6])
        elif k == 12: s ^= {a, a + 5}
        elif k == 13 and r.n(10) == 0: s -= set(range(r.n(100)))
    except KeyError as err:
        out.append(repr(err))
show(len(str(out)), str(out)[-600:], list(s), list(t), sorted(s) == sorted(s, key=lambda v: v))
for _ in range(60):
    n = r.n(300)
    v = [r.n(40) for _ in range(n)]
    w = sorted(v); assert all(x <= y for x, y in zip(w, w[1:])) and len(w) == n
    p = sorted(enumerate(v), key=lambda q: q[1], reverse=True)
    assert p == sorted(p, key=lambda q: (-q[1], q[0]))
    class C:
        def __init__(s, v, i): s.v, s.i = v, i
        def __lt__(s, o): return s.v < o.v
    q = sorted(C(x, i) for i, x in enumerate(v))
    assert [c.v for c in q] == w and all(a.i < b.i or a.v < b.v for a, b in zip(q, q[1:]))
    fl = sorted([x / 3 for x in v] + v); assert fl == sorted(fl)
    st = sorted(map(str, v)); assert st == sorted(st, reverse=True)[::-1]
big = [ (i * 7919) % 30011 for i in range(30011)]
assert sorted(big) == list(range(30011)) and sorted(big, reverse=True)[0] == 30010
assert sorted(map(str, big)) == sorted(sorted(map(str, big), reverse=True))
assert sorted(big, key=lambda v: -v)[:2] == [30010, 30009]
print(sorted([3, float('nan'), 1, 2]), sorted([(1, 'a'), (1, None)][:1]), sorted([True, 0, 2.5, -1]), sorted([b'b', b'a']), sorted([10**20, 5, -10**30]), sorted([(2, 'b'), (1, 'z'), (2, 'a')]), sorted([[2], [1, 2], []]))
for a in range(-4, 9, 3):
    for b in range(-3, 7, 2):
        for c in (-3, -1, 1, 2, 5):
            x = range(a, b, c)
            assert list(x) == list(reversed(x))[::-1] == [x[i] for i in range(len(x))]
            for sl in (slice(1, None), slice(None, None, -1), slice(-2, None, 2), slice(5, 0, -2)):
                assert list(x[sl]) == list(x)[sl], (x, sl)
            assert all((v in x) == (v in list(x)) for v in range(-9, 12))
            print(x, slice(a, b, c).indices(6), end=';')
print()
