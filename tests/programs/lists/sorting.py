words = "The quick brown Fox jumps over the lazy Dog".split()
print(sorted(words), sorted(words, key=str.lower), sorted(words, key=len, reverse=True), sorted(words, key=lambda w: (len(w), w)))
data = [("b", 2), ("a", 2), ("c", 1), ("a", 1)]
print(sorted(data), sorted(data, key=lambda p: p[1]), sorted(data, key=lambda p: p[1], reverse=True))
data.sort(key=lambda p: p[0]); data.sort(key=lambda p: -p[1]); print(data)
print(sorted([3, 1.5, True, -2]), sorted([[2], [1, 5], [1]]), sorted("banana"), sorted({"b": 1, "a": 2}), sorted(x * -1 for x in range(4)), sorted([]), sorted([(1, "b"), (1, "a")]))
print(sorted([1, 2, 3], reverse=True), sorted(["b", None, "a"], key=lambda x: x or ""), sorted("cba", key=None))
nums = [(i * 7919) % 1009 for i in range(300)]
s = sorted(nums)
print(s[:5], s[-5:], all(a <= b for a, b in zip(s, s[1:])), sorted(nums, reverse=True) == s[::-1])


class Rev:
    count = 0

    def __init__(self, v):
        self.v = v

    def __lt__(self, other):
        Rev.count += 1
        return self.v > other.v

    def __repr__(self):
        return str(self.v)


print(sorted(map(Rev, [3, 1, 2])), Rev.count, min(Rev(1), Rev(5)), max([Rev(2), Rev(9)]))
Rev.count = 0
print(sorted(map(Rev, range(20)))[:3], Rev.count)
Rev.count = 0
print(sorted(map(Rev, [5, 2, 8, 1, 9, 4, 7, 3, 6, 0, 15, 12, 18, 11, 19, 14, 17, 13, 16, 10, 25, 22, 28, 21, 29, 24, 27, 23, 26, 20, 35, 32, 38, 31, 39, 34, 37, 33, 36, 30])), Rev.count > 100)
print(min("b", "a"), max(3, 1, 2), min([4, 2], key=lambda x: -x), max([], default="none"), min({"z": 1, "y": 2}), max("apple", "fig", key=len), min((1, 2), (1, 1)))
for bad in ("sorted([1, 'a'])", "sorted([None, 1])", "sorted(5)", "sorted()", "sorted([1], lambda x: x)", "sorted([1], key=5)", "sorted([1, 2], reverse='x')", "sorted([{}, {}])", "sorted([1j, 2j])", "min()", "min(5)", "max(1, 2, foo=3)", "max([], key=len)", "max(1, 2, default=3)", "sorted([1], foo=1)",
            "sorted([(1, {}), (1, [])])", "sorted([1, 2], key=lambda: 1)"):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
