# Random operations on sets: the order of iteration after each step is that of CPython.
class R:
    def __init__(s, seed): s.x = seed
    def n(s, k):
        s.x = (s.x * 1103515245 + 12345) % (1 << 31)
        return (s.x >> 8) % k
r = R(7)
s = set(); t = set()
for step in range(1500):
    k = r.n(14); a = r.n(200); res = None
    try:
        if k < 4: s.add(a)
        elif k == 4: s.discard(a)
        elif k == 5: s.remove(a)
        elif k == 6: res = s.pop()
        elif k == 7: t = {a, a + 1, a * 3} | set(list(s)[::3])
        elif k == 8: res = list(s | t)
        elif k == 9: res = (list(s & t))
        elif k == 10: res = (list(s - t))
        elif k == 11: res = (list(s ^ t))
        elif k == 12: s ^= {a, a + 5}
        elif k == 13 and r.n(10) == 0: s -= set(range(r.n(100)))
    except KeyError as err:
        res = (repr(err))
    if step % 60 == 0 or res is not None and step < 120:
        print(step, k, a, res, list(s), list(t))
