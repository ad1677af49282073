import itertools
import functools
import operator

print(list(itertools.chain("ab", [1])), list(itertools.islice(itertools.count(5, 2), 4)), list(itertools.repeat("x", 3)), [next(itertools.cycle("ab")) for _ in range(2)])
print(list(itertools.permutations("abc", 2)), list(itertools.combinations("abcd", 2)), list(itertools.product("ab", [1, 2])), list(itertools.combinations_with_replacement("ab", 2)))
print(list(itertools.accumulate([1, 2, 3, 4])), list(itertools.accumulate([1, 2, 3], operator.mul)), list(itertools.takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(itertools.dropwhile(lambda x: x < 3, [1, 2, 3, 1])))
print([(k, list(g)) for k, g in itertools.groupby("aabccc")], list(itertools.zip_longest("abc", "x", fillvalue="-")), list(itertools.starmap(pow, [(2, 3), (3, 2)])), list(itertools.compress("abcd", [1, 0, 1, 0])), list(itertools.pairwise("abc")), list(itertools.batched("abcde", 2)))
a, b = itertools.tee(iter([1, 2, 3]))
print(list(a), list(b), list(itertools.filterfalse(lambda x: x % 2, range(5))), list(itertools.chain.from_iterable([[1], [2, 3]])))
print(functools.reduce(operator.add, [1, 2, 3], 10), functools.partial(int, base=2)("101"), list(map(operator.itemgetter(1), ["ab", "cd"])), operator.attrgetter("real")(5), operator.methodcaller("upper")("x"), sorted("bca", key=functools.cmp_to_key(lambda x, y: (x > y) - (x < y))))


@functools.singledispatch
def show(x):
    return "other"


@show.register
def _(x: int):
    return "int"


@show.register(list)
def _(x):
    return "list"


print(show(1), show([]), show("s"), show(True))


class Sized:
    def __init__(self, n): self.n = n
    @functools.cached_property
    def big(self):
        print("computed")
        return self.n * 100


s = Sized(2)
print(s.big, s.big)


@functools.total_ordering
class V:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n


print(V(1) <= V(2), V(3) >= V(4), V(2) > V(1))
