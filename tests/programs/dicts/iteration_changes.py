d = {"a": 1, "b": 2, "c": 3}
for action in ("d['new'] = 1", "del d['a']", "d.clear()", "d.pop('b')", "d.update(q=1)", "d['a'] = 9", "d.popitem()"):
    d = {"a": 1, "b": 2, "c": 3}
    seen = []
    try:
        for key in d:
            seen.append(key)
            exec(action)
            if len(seen) > 5:
                break
    except (RuntimeError, KeyError) as error:
        print(action, "->", type(error).__name__, error, seen)
    else:
        print(action, "fine", seen)
d = {i: i for i in range(5)}
try:
    for k, v in d.items():
        del d[k]
        d[k + 100] = v
        if k > 1000:
            break
except RuntimeError as error:
    print(error)
for k in list(d):
    del d[k]
print(d)
s = {1, 2, 3}
try:
    for x in s:
        s.add(x + 10)
except RuntimeError as error:
    print(error)
items = [1, 2, 3]
for x in items:
    if x < 3:
        items.append(x + 10)
print(items)
items = [1, 2, 3, 4]
for x in items:
    items.remove(x)
print(items)
it = iter([1, 2])
print(next(it), next(it), next(it, "end"), next(it, "still"))
di = iter({"a": 1})
print(next(di), list(di), di.__length_hint__())
v = {"x": 1}.values()
print(list(v), list(v), len(v), type(v), type(iter(v)))
