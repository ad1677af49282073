fruits = ["orange", "apple", "pear", "banana", "kiwi", "apple", "banana"]
print(fruits.count("apple"), fruits.count("tangerine"), fruits.index("banana"), fruits.index("banana", 4), fruits.index("apple", -3))
fruits.reverse(); print(fruits)
fruits.append("grape"); fruits.sort(); print(fruits, fruits.pop(), fruits.pop(0), fruits.pop(-2))
fruits.insert(1, "x"); fruits.insert(-1, "y"); fruits.insert(99, "z"); fruits.insert(-99, "a"); print(fruits)
fruits.remove("x"); fruits.extend(["p", "q"]); fruits.extend("rs"); fruits.extend(c for c in "t"); print(fruits)
c = fruits.copy(); c.clear(); print(c, len(fruits), fruits[:] == fruits, fruits[:] is fruits)
a = [1, 2, 3]
a += [4]; a += "56"; a *= 2; print(a, a + [0], [0] * 3, 2 * [1, 2], [] * 5, a * 0, a * -1)
print([1, 2] < [1, 3], [1] < [1, 0], [] < [0], [1, 2] == [1, 2], [1] == (1,), [1, [2]] == [1, [2]], [1, "a"] == [1, "b"], 3 in a, "6" in a, [2] in [[1], [2]])
print(len(a), max([3, 1, 2]), min([3, 1, 2]), sum([1, 2, 3]), sorted([3, 1, 2]), list(reversed([1, 2, 3])), list("abc"), list(range(3)), list({"a": 1}), list())
b = [[0] * 3] * 2
b[0][1] = 5
print(b, b[0] is b[1], [[0] * 2 for _ in range(2)])
n = [1]
n.append(n)
print(n, n == n, str(n))
for bad in ("[].pop()", "a.pop(99)", "a.remove('zz')", "a.index('zz')", "a.insert('x', 1)", "a.append()", "a.append(1, 2)", "a.extend(5)", "[1] + (2,)", "[1] + 'a'", "[1] * 'a'", "[1] * 1.5", "a[99]", "a['x']", "a[1.0 * 1]", "[1] < [[]]", "[1] < 5", "list(5)", "a.sort(1)",
            "a.sort(key=1)", "[3, 'a'].sort()", "a.index(1, 2, 3, 4)", "a.foo", "-a", "a()", "list(1, 2)", "hash([])", "a.count()", "list(x=1)", "a.reverse(1)", "a.clear(2)", "a.insert(1)", "[].remove(1)", "max([])", "min([])", "sum(['a'])", "sum([[1]])"):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
