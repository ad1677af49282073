class Deck:
    def __init__(self, cards):
        self.cards = list(cards)

    def __len__(self):
        return len(self.cards)

    def __getitem__(self, i):
        return self.cards[i]

    def __setitem__(self, i, v):
        self.cards[i] = v

    def __delitem__(self, i):
        del self.cards[i]


d = Deck("abcde")
print(len(d), d[0], d[-1], d[1:3], list(d), "c" in d, "z" in d, list(reversed(d)), [x for x in d], sorted(d, reverse=True), max(d), tuple(d), ",".join(d), bool(Deck("")), dict(enumerate(d)), list(zip(d, range(2))), d.cards.index("b"))
d[0] = "Z"; del d[1]; d[1:2] = ["x", "y"]
print(list(d))
a, *b = d
print(a, b, [*d], iter(d).__class__.__name__)


class OldIter:
    def __getitem__(self, i):
        if i > 3:
            raise IndexError
        return i * 10


print(list(OldIter()), 20 in OldIter(), 25 in OldIter(), sum(OldIter()), max(OldIter()))


class Iter:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return iter(range(self.n))


class Count:
    def __init__(self, n):
        self.i, self.n = 0, n

    def __iter__(self):
        return self

    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i


print(list(Iter(3)), 2 in Iter(3), list(Count(3)), sum(Count(4)), [*Count(2), *Iter(2)], dict(zip(Count(2), "ab")), set(Iter(2)), next(Count(1)), list(map(str, Count(2))), max(Iter(5), key=lambda x: -x))


class BadIter:
    def __iter__(self):
        return 5


class NoNext:
    def __iter__(self):
        return self


class RaiseIter:
    def __iter__(self):
        raise ValueError("no iter")


class NoneIter:
    __iter__ = None


class NoContains:
    __contains__ = None

    def __iter__(self):
        return iter([1])


for bad in ("list(BadIter())", "for x in NoNext(): pass", "list(RaiseIter())", "iter(NoneIter())", "1 in NoContains()", "a, b = Count(3)", "1 in 5", "[*5]", "list(NoNext())", "x, y = NoNext()", "iter(Iter)", "1 in NoneIter()", "print(*5)", "reversed(Iter(2))", "len(Iter(2))", "Iter(2)[0]", "Iter(2)[0] = 1", "del Iter(2)[0]"):
    try:
        exec(bad)
    except Exception as error:
        print(bad, "->", type(error).__name__, error)


class Matrix:
    def __init__(self):
        self.data = {}

    def __setitem__(self, key, value):
        self.data[key] = value

    def __getitem__(self, key):
        return self.data.get(key, 0)

    def __class_getitem__(cls, item):
        return f"Matrix of {item.__name__}"


m = Matrix()
m[1, 2] = 5
m[1, 2] += 10
m[0, ...] = "e"
print(m[1, 2], m[9, 9], m.data, Matrix[int])


class Hint:
    def __iter__(self):
        return iter([1, 2])

    def __length_hint__(self):
        print("hint", end=" ")
        return 10


print(list(Hint()), [*Hint()])


class Rev:
    def __reversed__(self):
        return iter("rev")


print(list(reversed(Rev())))
