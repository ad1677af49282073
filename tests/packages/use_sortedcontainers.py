# needs: sortedcontainers==2.4.0
import operator
import pickle
import random
from sortedcontainers import SortedDict, SortedKeyList, SortedList, SortedSet

s = SortedList([5, 1, 4, 2])
s.add(3)
print(s, s[1:3], s.bisect(3), s.index(4), list(s.irange(2, 4)), s.count(9), s.pop(), 3 in s)
s.update([10, 0])
s.discard(99)
print(s, list(reversed(s)), s + [7], s * 2, s == [0, 1, 2, 3, 4, 10], repr(s.islice(1, 3)).split()[0])
try:
    s.append
except AttributeError as error:
    print(error)
try:
    s[0] = 1
except NotImplementedError as error:
    print(error)
d = SortedDict({'b': 2, 'a': 1})
d['c'] = 0
print(d, d.peekitem(0), d.keys()[0], list(d.irange('a', 'b')), d.popitem(), d.setdefault('z', 9), d.items()[0:2], d.bisect_left('b'))
t = SortedSet([3, 1, 2], key=operator.neg)
print(t, t | {9}, t & {1}, t.isdisjoint({7}), t[0])
k = SortedKeyList(['bbb', 'a', 'cc'], key=len)
print(k, k.bisect_key(2), pickle.loads(pickle.dumps(SortedList('hello'))))
rng = random.Random(1)
big = SortedList(rng.randrange(10**6) for _ in range(5000))
reference = sorted(big)
print(big == reference, big[2500] == reference[2500])
for _ in range(2000):
    value = rng.choice(reference)
    reference.remove(value)
    big.remove(value)
big._check()
print(len(big), list(big) == reference)
