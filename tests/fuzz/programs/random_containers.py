# Random operations on lists, dicts and sets side by side with slow models of them.
state = 31337


def rnd(n):
    global state
    state = (state * 1103515245 + 12345) % 2147483648
    return (state >> 8) % n


class Key:
    """Hashes collide on purpose."""

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 4

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n

    def __repr__(self):
        return f"K{self.n}"


def key():
    n = rnd(12)
    return (n, str(n), Key(n), n + 0.0, (n, "t"), n % 3 == 0)[rnd(6)]


d, model = {}, []
for i in range(1500):
    k, op = key(), rnd(8)
    index = next((j for j, (other, _) in enumerate(model) if other == k and hash(other) == hash(k)), None)
    if op < 3:
        d[k] = i
        if index is None:
            model.append((k, i))
        else:
            model[index] = (model[index][0], i)
    elif op < 5:
        found = d.pop(k, None)
        wanted = None if index is None else model.pop(index)[1]
        assert found == wanted, (found, wanted)
    elif op == 5:
        assert (k in d) == (index is not None)
        assert d.get(k) == (None if index is None else model[index][1])
    elif op == 6 and d and rnd(20) == 0:
        assert d.popitem() == model.pop()
    else:
        d.setdefault(k, -1)
        if index is None:
            model.append((k, -1))
    assert list(d.items()) == model
print(len(d), d)
s, t = set(), set()
for i in range(600):
    (s if rnd(2) else t).add(rnd(40))
    if rnd(5) == 0:
        s.discard(rnd(40))
    if i % 60 == 0:
        assert sorted(s | t) == [x for x in range(40) if x in s or x in t]
        assert sorted(s & t) == [x for x in range(40) if x in s and x in t]
        assert sorted(s - t) == [x for x in range(40) if x in s and x not in t]
        assert sorted(s ^ t) == [x for x in range(40) if (x in s) != (x in t)]
        assert (s <= t) == all(x in t for x in s)
print(len(s), len(t), sorted(s)[:5])
items = []
for i in range(800):
    op, at = rnd(7), rnd(30) - 10
    try:
        match op:
            case 0: items.append(i)
            case 1: items.insert(at, i)
            case 2: items.pop(at)
            case 3: items[at] = -i
            case 4: items.remove(items[at])
            case 5: items.sort(key=lambda x: (x * 7919) % 101)
            case 6: items.reverse()
    except (IndexError, ValueError) as error:
        print(type(error).__name__, error, end="; ")
print()
print(items)
