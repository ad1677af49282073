class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        n = self.n
        while n:
            yield n
            n -= 1

    def __reversed__(self):
        return iter(range(1, self.n + 1))

    def __len__(self):
        return self.n

    def __contains__(self, x):
        return 0 < x <= self.n


c = Countdown(4)
print(list(c), list(reversed(c)), len(c), 3 in c, 9 in c, sum(c), max(c), sorted(c), tuple(c), set(c) == {1, 2, 3, 4}, [*c, *c], dict(zip(c, "abcd")), list(enumerate(c, 1)), list(map(lambda a, b: a * b, c, c)), all(c), any(c))
a, *rest = c
first, second, *_ = c
print(a, rest, first, second, "-".join(map(str, c)))
it = iter(c)
print(next(it), list(it), next(it, "done"), iter(it) is it)
it1 = it2 = iter([1, 2, 3, 4])
print(list(zip(it1, it2)))
print(list(iter(lambda values=iter([3, 2, 0, 5]): next(values), 0)))


class Pages:
    def __init__(self, items, size):
        self.items, self.size = items, size

    def __getitem__(self, page):
        start = page * self.size
        if start >= len(self.items):
            raise IndexError(page)
        return self.items[start:start + self.size]


print(list(Pages("abcdefg", 3)), [len(p) for p in Pages(range(10), 4)], "abc" in Pages("abcdef", 3))
matrix = [[1, 2, 3], [4, 5, 6]]
print(list(zip(*matrix)), [list(r) for r in zip(*matrix[::-1])], [x for row in matrix for x in row], sum(map(sum, matrix)), list(map(max, *matrix)))
for i, (x, y) in enumerate(zip("ab", [1, 2])):
    print(i, x, y, end=";")
for x, y in {"k": 1}.items(): print(x, y, end=";")
for ch in reversed("abc"): print(ch, end="")
for i in range(10, 0, -3): print(i, end=" ")
print()
gen = (x * x for x in range(10))
print(next(gen), next(gen), 16 in gen, next(gen), list(gen), list(gen))


def window(seq, n):
    it = iter(seq)
    win = [x for _, x in zip(range(n), it)]
    yield tuple(win)
    for x in it:
        win = win[1:] + [x]
        yield tuple(win)


print(list(window(range(5), 3)))


class Infinite:
    def __iter__(self):
        return self

    def __next__(self):
        return 7


for k, v in zip(range(3), Infinite()):
    print(k, v, end=" ")
print([v for v, _ in zip(Infinite(), "ab")])
d = dict.fromkeys("abc", 0)
for key in d:
    d[key] += 1
print(d, list(d.items())[::-1], [k for k in reversed(d)], sorted(d.items(), key=lambda kv: kv[0], reverse=True))
s = "abc"
i = iter(s)
for ch in i:
    print(ch, next(i, "end"))
