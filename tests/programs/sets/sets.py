a, b = {1, 2, 3, 4}, {3, 4, 5}
print(a - b, a | b, a & b, a ^ b, a.union([9], (8,)) == {1, 2, 3, 4, 8, 9}, a.intersection([1, 2], {2}), a.difference([1], [2]), a.symmetric_difference([4, 9]) == {1, 2, 3, 9})
print(a == {4, 3, 2, 1}, a < b, {1} < a, a <= a, a > {1}, a >= a, a != b, {1, 2}.issubset([1, 2, 3]), a.issuperset([1]), a.isdisjoint([7]), 3 in a, len(a), set(), set("aab") == {"a", "b"}, set() == {}, {1} == frozenset([1]))
s = set()
s.add(1); s.add(1); s.add("x"); s.discard("nope"); s.discard("x"); s.update([2, 3], {4}); print(s, s.pop() in (1, 2, 3, 4), len(s))
s = {1, 2, 3, 4, 5}
s -= {1}; s |= {9}; s &= {2, 3, 9}; s ^= {3, 7}; print(s)
s.intersection_update([2, 9]); s.difference_update([9]); s.symmetric_difference_update([2, 5]); print(s, s.copy() is s)
s.clear(); print(s, bool(s))
f = frozenset([1, 2])
print(f, f | {3}, {3} | f, type(f | {3}), type({3} | f), hash(f) == hash(frozenset([2, 1])), {f: "v"}[frozenset([1, 2])], frozenset(), f.copy() is f, f in {f}, {1, 2} in {f})
print({1, 1.0, True}, {0, False}, len({"a", "b", "a"}), sorted({3, 1, 2}), max({1, 5}), sum({1, 2}), {(1, 2), (1, 2)}, {x for x in range(5) if x % 2})
for bad in ("{[]}", "a.remove(99)", "set().pop()", "a + b", "a | [1]", "a < [1]", "a[0]", "hash(a)", "set(5)", "a.add()", "a.add([])", "f.add(1)", "set(1, 2)", "{1} - [1]", "a.union(5)", "[] in a", "a.discard({})", "frozenset(5)", "a.update(5)", "set(a=1)", "a.intersection(1)"):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
print({1} in {frozenset([1])}, a.__contains__(1), [x in {1, 2} for x in (1, 2, 3)])
