# sorted(key=f) where f sleeps: sorting must be able to wait, and lets go of the list meanwhile.
import time


def slowly(item):
    time.sleep(0.001)
    return item[1]


pairs = [("a", 3), ("b", 1), ("c", 2), ("d", 1), ("e", 3)]
print(sorted(pairs, key=slowly))
print(sorted(pairs, key=slowly, reverse=True))
print(min(pairs, key=slowly), max(pairs, key=slowly))
pairs.sort(key=lambda item: (slowly(item), item[0]))
print(pairs)


class Slow:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        time.sleep(0.0005)
        return self.value < other.value

    def __repr__(self):
        return f"S{self.value}"


print(sorted([Slow(n) for n in (5, 2, 8, 1, 9, 3)]))
items = [Slow(n) for n in (3, 1, 2)]
items.sort()
print(items, min(items), max(items))
print(list(map(slowly, pairs)), list(filter(slowly, [("z", 0), ("y", 1)])))
print(sum(slowly(p) for p in pairs), any(slowly(p) > 2 for p in pairs), all(slowly(p) for p in pairs))
