tel = {"jack": 4098, "sape": 4139}
tel["guido"] = 4127
print(tel, tel["jack"], len(tel), "guido" in tel, "x" not in tel, list(tel), sorted(tel), tel.keys(), tel.values(), tel.items())
del tel["sape"]
tel["irv"] = 4127
print(tel, tel.get("x"), tel.get("x", 0), tel.pop("irv"), tel.pop("zz", None), tel.setdefault("jack", 1), tel.setdefault("new"), tel)
print(tel.popitem(), tel.update({"a": 1}, b=2), tel.update([("c", 3)]), tel.update(x=9), tel, tel.copy() == tel)
print(dict([("a", 1), ("b", 2)]), dict(a=1, b=2), dict({"a": 1}, b=2), dict(zip("ab", [1, 2])), dict.fromkeys("ab"), dict.fromkeys([1, 2], 0), dict(), {})
print({"a": 1} | {"b": 2}, {"a": 1, "b": 1} | {"b": 2}, {"a": 1} == {"a": 1.0}, {"a": 1, "b": 2} == {"b": 2, "a": 1}, {1: "a", 1.0: "b", True: "c"}, {**{"a": 1}, "a": 2})
d = {"a": 1}
d |= {"b": 2}; d |= [("c", 3)]; print(d, list(reversed(d)), list(reversed(d.items())), list(d.values()))
k, v, i = d.keys(), d.values(), d.items()
d["z"] = 26
print(k, v, i, len(k), "z" in k, 26 in v, ("z", 26) in i, k & {"a", "q"}, sorted(k | {"q"}), sorted(k - {"a", "b"}), sorted(k ^ {"a", "b", "c"}), k == {"a", "b", "c", "z"}, i & {("a", 1)}, k.isdisjoint(["x"]))
for key, value in d.items():
    print(key, value, end="; ")
print()
d.clear(); print(d, bool(d), str(d))
d = {1: "int", "1": "str", None: "none", (1, 2): "tuple", 1.5: "float", True: "bool", frozenset(): "fs", int: "type"}
print(d, d[1.0], d[None], d[1, 2], d[int])
d = {}
d["self"] = d
print(d, d == d)
e = {i: i for i in range(10)}
for i in range(0, 10, 2):
    del e[i]
e[0] = "back"
print(e, next(iter(e)), e.popitem())
for bad in ("tel['zz']", "tel.pop('zz')", "{}.popitem()", "{[]: 1}", "tel[[]]", "tel[{}]", "[] in tel", "dict(5)", "dict([1])", "dict([(1, 2, 3)])", "dict(['ab', 'c'])", "tel.get()", "tel.update(5)", "tel < tel", "tel + tel", "dict({}, {})", "dict.fromkeys()", "hash(tel)", "tel.foo", "tel | 5", "tel.pop()", "dict(a=1, **{'a': 2})", "tel.setdefault([])", "{**5}", "tel.get(1, 2, 3)", "dict([[]])", "tel.keys()[0]", "{set(): 1}"):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
