a = 256
b = 256
print(a is b, None is None, () == ())
x = [1, 2]
y = x
z = x[:]
print(x is y, x is z, x == z, id(x) == id(y))
y.append(3)
print(x, z)


def modify(lst, value):
    lst.append(value)
    lst = ["new"]
    return lst


data = []
print(modify(data, 1), data)
rows = [[0] * 2] * 2
rows[0][0] = 1
print(rows)
rows = [[0] * 2 for _ in range(2)]
rows[0][0] = 1
print(rows)
import copy
deep = {"k": [1, [2]]}
shallow, full = copy.copy(deep), copy.deepcopy(deep)
deep["k"][1].append(3)
deep["n"] = 1
print(shallow, full)
for v in (0, 0.0, "", (), [], {}, set(), None, False, b"", range(0)):
    assert not v
for v in (1, -1, "0", (0,), [0], {0: 0}, {0}, True, object, lambda: 0, b"\0", float("nan")):
    assert v
print(bool("False"), 0 == False, 1 == True, "1" == 1, [] == (), 1 == 1.0 == 1 + 0j, {1: "a"}[True])
print(isinstance(True, int), True + True, sum([True, False, True]), ["no", "yes"][True], type(True) is int)
print(None == False, None is None, not None, [None] * 2, (None or "default"), None in [None])
print(3 == 3.0, hash(3) == hash(3.0), "a" == "a", 0.1 + 0.2 == 0.3, round(0.1 + 0.2, 10) == 0.3)
print(max(True, 2), min(False, -1), True < 2, "True" if True else "", not 0 == 1, (not 0) == 1)
