def numbers(limit):
    n = 0
    while n < limit:
        yield n
        n += 1


def only(pred, source):
    for x in source:
        if pred(x):
            yield x


def scaled(source, k):
    yield from (x * k for x in source)


def take(n, source):
    it = iter(source)
    for _ in range(n):
        try:
            yield next(it)
        except StopIteration:
            return


print(list(take(5, scaled(only(lambda x: x % 3 == 0, numbers(100)), 10))))


def tree(node):
    if node:
        left, value, right = node
        yield from tree(left)
        yield value
        yield from tree(right)


t = (((None, 1, None), 2, (None, 3, None)), 4, ((None, 5, None), 6, None))
print(list(tree(t)))


def permutations(items):
    if not items:
        yield []
    for i, x in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1:]):
            yield [x] + rest


print(["".join(p) for p in permutations(list("abc"))])


def averager():
    total, n, avg = 0, 0, None
    while True:
        value = yield avg
        if value is None:
            return avg
        total, n = total + value, n + 1
        avg = total / n


a = averager()
next(a)
print(a.send(10), a.send(20), a.send(60))
try:
    a.send(None)
except StopIteration as stop:
    print("average", stop.value)


def flatten(x):
    for item in x:
        if isinstance(item, list):
            yield from flatten(item)
        else:
            yield item


print(list(flatten([1, [2, [3, [4]], 5], [], [[6]]])))


def primes():
    found = []
    n = 2
    while True:
        if all(n % p for p in found):
            found.append(n)
            yield n
        n += 1


print(list(take(15, primes())))


def round_robin(*iters):
    queue = [iter(i) for i in iters]
    while queue:
        it = queue.pop(0)
        try:
            yield next(it)
            queue.append(it)
        except StopIteration:
            pass


print("".join(round_robin("abc", "d", "ef")))
g = (print("side", i) or i for i in range(3))
print("lazy")
print(next(g), list(g))
first = (i for i in range(5))
second = (x + 10 for x in first)
print(next(second), next(first), list(second))


class Tree:
    def __init__(self, v, kids=()):
        self.v, self.kids = v, kids

    def __iter__(self):
        yield self.v
        for k in self.kids:
            yield from k


print(list(Tree(1, [Tree(2, [Tree(3)]), Tree(4)])))


def deep(n):
    if n == 0:
        yield "bottom"
    else:
        yield from deep(n - 1)


print(list(deep(300)))
