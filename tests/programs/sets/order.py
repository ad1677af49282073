# The order of iteration of sets of ints is that of CPython's table.
def show(s):
    print(list(s), len(s))

show({5, 3, 100, 8, 16, 24, 1})
show(set(range(20, 0, -1)))
s = set()
for i in range(40):
    s.add(i * 37 % 101)
show(s)
for i in range(0, 101, 3):
    s.discard(i)
show(s)
for i in range(1000, 1030, 7):
    s.add(i)
show(s)
show(s | {1, 2, 3, 500})
show(s & set(range(50)))
show(s - set(range(30)))
show(s ^ {5, 1000, 77, 2000})
show(s.union([9999, -1, -2], {7: 8}, (3,)))
show(s.intersection(range(0, 2000, 3)))
show(s.difference([74, 1007], {1: 1}))
show(s.symmetric_difference([74, 1, 2, 3, 1 << 20, -(1 << 20)]))
t = s.copy()
t.update(range(200, 260))
show(t)
t.difference_update(range(0, 255))
show(t)
t.intersection_update(range(256, 1010))
show(t)
t ^= {257, 3, 8, 9}
show(t)
t |= {-5, -6, -7}
show(t)
t -= {-6}
show(t)
t &= {-5, 9, 1007}
show(t)
while t:
    print(t.pop(), end=' ')
print()
u = {15, 2, True, 0, -1, 2.0}
show(u)
show(frozenset([31, 7, 64, 65, 66, 67, 9, 17, 25]))
big = set(range(70000))
big -= set(range(0, 70000, 2))
print(len(big), list(big)[:5], sum(big))
big |= set(range(-100, 100))
print(list(big)[:8], list(big)[-8:])
class S(set):
    pass
a = S([3, 1, 2])
show(a | [4] if False else a | {4})
print(type(a | {4}).__name__, type(a & a).__name__, type(a.copy()).__name__, a, S())
print({1, 2} < {1, 2, 3}, {1, 2} <= {1, 2}, {1, 2} > {1}, {1} >= {2}, {1} == frozenset([1]), {1} != {2})
print({1, 2}.isdisjoint([3, 4]), {1, 2}.issubset(range(5)), {1, 2, 3}.issuperset((1, 2)))
x = {frozenset([1, 2])}
print({1, 2} in x, {1} in x)
x.remove({1, 2})
print(x)
for operation in (lambda: {1} | [2], lambda: {1} < [2], lambda: {[]}, lambda: {1}.remove(2), lambda: set().pop(),
                  lambda: {1}.update(3), lambda: set(1, 2), lambda: {1}.add(), lambda: frozenset([{}]), lambda: hash({1}),
                  lambda: {1}.remove([]), lambda: [] in {1}):
    try:
        operation()
    except Exception as error:
        print(type(error).__name__, error)
def changing():
    s = {1, 2, 3}
    for i in s:
        s.add(i + 10)
try:
    changing()
except RuntimeError as error:
    print(error)
it = iter({1, 2, 3})
next(it)
print(it.__length_hint__(), sorted(it), it.__length_hint__())
