class Default(dict):
    def __missing__(self, key):
        self[key] = f"made {key}"
        return self[key]


d = Default(a=1)
print(d["a"], d["b"], d, d.get("c"), "c" in d, type(d.copy()), isinstance(d, dict))


class Logged(dict):
    def __setitem__(self, key, value):
        print("set", key)
        super().__setitem__(key, value * 2)

    def __getitem__(self, key):
        print("get", key)
        return super().__getitem__(key)

    def __delitem__(self, key):
        print("del", key)
        super().__delitem__(key)

    def __contains__(self, key):
        return True


log = Logged(x=1)
log["y"] = 2
print(log["y"], log["x"], log.get("y"), "zzz" in log, len(log))
del log["x"]
log.update(z=3)
print(log, dict(log), {**log}, log == {"y": 4, "z": 3}, sorted(log))


class K:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 3

    def __eq__(self, other):
        return isinstance(other, K) and self.n == other.n

    def __repr__(self):
        return f"K{self.n}"


t = {K(i): i for i in range(10)}
print(t[K(7)], K(3) in t, K(11) in t, len(t), t.pop(K(4)), list(t)[:5])


class NoHash:
    def __eq__(self, other):
        return True


try:
    {NoHash(): 1}
except TypeError as error:
    print(error)


class BadHash:
    def __hash__(self):
        return "x"


class RaisingHash:
    def __hash__(self):
        raise ValueError("no hash today")


for bad in (BadHash, RaisingHash):
    try:
        {bad()}
    except Exception as error:
        print(type(error).__name__, error)
try:
    d = Default()
    dict.__missing__
except AttributeError as error:
    print(error)
print(hash(K(5)), dict.__getitem__(d, "b") if "b" in d else "no b", Default.fromkeys("xy"))
