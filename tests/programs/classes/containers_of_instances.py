# Containers whose keys, items and iterators are instances of Python classes.
class K:
    def __init__(s, n): s.n = n
    def __hash__(s): return s.n % 3
    def __eq__(s, o): return isinstance(o, K) and s.n == o.n
    def __lt__(s, o): return s.n < o.n
    def __repr__(s): return f'K{s.n}'
d = {}
for i in range(20):
    d[K(i * 7 % 11)] = i
print(d)
for i in range(0, 11, 2):
    del d[K(i)]
print(d, K(3) in d, K(4) in d, d.get(K(5)), d.pop(K(5)), d.pop(K(5), 'x'), d.setdefault(K(5), 7))
s = {K(i * 5 % 13) for i in range(30)}
print(sorted(s), len(s), K(3) in s)
s -= {K(1), K(2)}
print(sorted(s))
print(sorted(s & {K(3), K(99)}), sorted(s | {K(99)}), sorted(s ^ {K(99), K(3)}))
l = [K(i * 17 % 101) for i in range(100)]
print(sorted(l) == [K(i*17%101) for i in range(100)], sorted(l)[:5], sorted(l, reverse=True)[:5], sorted(l, key=lambda k: -k.n)[:5])
print(l.index(K(17)), l.count(K(17)), K(17) in l, l.remove(K(17)), K(17) in l)
print([K(1), K(2)] == [K(1), K(2)], [K(1)] < [K(2)], (K(1), K(3)) < (K(1), K(2)), {K(1): K(2)} == {K(1): K(2)}, {K(1)} == {K(1)})
print(min(l), max(l, key=lambda k: k.n), hash((K(1), K(2))) == hash((K(1), K(2))))
print({1: 'a', 1.0: 'b', True: 'c'}, {1, 1.0, True}, 1.0 in [1], [1, 2] == [1.0, 2.0])
def gen(n):
    for i in range(n): yield i
print(list(gen(5)), tuple(gen(3)), set(gen(4)), dict((i, i*i) for i in gen(4)), sum(gen(10)), max(gen(6)), sorted(gen(5), reverse=True), list(zip(gen(3), gen(4))), list(map(lambda a, b: a*b, gen(4), gen(5))), list(filter(lambda x: x % 2, gen(7))), list(enumerate(gen(3), 5)), any(gen(3)), all(gen(3)))
a, *b = gen(4); print(a, b)
a, b, c = gen(3); print(a, b, c)
x = [1,2]; x.extend(gen(3)); x += gen(2); x[1:3] = gen(4); print(x)
x[::2] = gen(len(x[::2])); print(x)
del x[::3]; print(x); del x[-1:0:-2]; print(x)
class I:
    def __init__(s, n): s.n = n
    def __index__(s): return s.n
print([1,2,3][I(1)], [1,2,3][I(0):I(2)], (1,2,3)[I(2)], range(10)[I(3)], range(I(1), I(9), I(2)), [0]*I(3), (1,)*I(2), [1,2,3].pop(I(0)), [1,2,3].index(3, I(1)), slice(I(1), I(2)).indices(I(5)))
y = [1,2,3]; y[I(1)] = 9; y[I(0):I(1)] = [7,7]; del y[I(-1)]; print(y)
class M(dict):
    def __missing__(s, k): return k * 2
m = M(a=1); print(m['a'], m['b'], m, m | {'c': 3}, type(m | {}), m.get('z'), 'z' in m)
class Map:
    def keys(s): return ['x', 'y']
    def __getitem__(s, k): return k.upper()
print(dict(Map()), {**Map(), 'z': 1}, dict(Map(), q=2))
class Seq:
    def __getitem__(s, i):
        if i > 3: raise IndexError
        return i * 10
    def __len__(s): return 4
print(list(Seq()), 20 in Seq(), list(reversed(Seq())), tuple(iter(Seq())))
class It:
    def __init__(s): s.i = 0
    def __iter__(s): return s
    def __next__(s):
        s.i += 1
        if s.i > 4: raise StopIteration
        return s.i
print(list(It()), sum(It()), dict(zip(It(), 'abcd')), [*It()], max(It()))
n = 0
def f():
    global n; n += 1; return n
print(list(iter(f, 5)))
def nested(n, x):
    for i in range(n): x = [x]
    return x
for n in (10, 60, 150):
    print(nested(n, K(1)) == nested(n, K(1)), len(repr(nested(n, K(1)))), nested(n, K(1)) < nested(n, K(2)))
t = (K(4),)
for i in range(150): t = (t,)
print(hash(t) == hash(t), t == t, len({t: 1, (t,): 2}))
