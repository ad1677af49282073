# input() called from every kind of place that runs Python code on behalf of a native.
class Reader:
    def __init__(self):
        self.n = int(input("init "))

    def __len__(self):
        return int(input("len "))

    def __iter__(self):
        return self

    def __next__(self):
        line = input("next ")
        if line == "stop":
            raise StopIteration
        return line

    def __getitem__(self, key):
        return input(f"item {key} ")

    def __contains__(self, item):
        return input(f"contains {item} ") == "yes"

    def __bool__(self):
        return input("bool ") == "true"

    def __str__(self):
        return input("str ")

    def __repr__(self):
        return input("repr ")

    def __add__(self, other):
        return input("add ")

    def __radd__(self, other):
        return input("radd ")

    def __call__(self, *args):
        return input(f"call {args} ")

    def __getattr__(self, name):
        return input(f"attr {name} ")

    def __index__(self):
        return int(input("index "))

    def __format__(self, spec):
        return input(f"format {spec} ")

    def __enter__(self):
        return input("enter ")

    def __exit__(self, *args):
        input("exit ")

    def __hash__(self):
        return int(input("hash "))


r = Reader()
print(r.n, len(r))
print(list(r))
print(r["k"], 5 in r)
print(bool(r), not r, "yes" if r else "no")
print(str(r), repr(r), [r])
print(r + 1, 1 + r, sum([r], 0))
print(r(1, 2), r.thing)
print([10, 20, 30][r], list(range(r)))
print(f"{r:spec} {r!r}", "{:x}".format(r))
with r as value:
    print(value)
print(hash(r), {r: 1}.keys() == set(), "%s" % r)
print(dict(zip(r, "ab")), max(r), ",".join(r))
