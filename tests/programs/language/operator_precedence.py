print(2 + 3 * 4 ** 2 // 5 % 7, -2 ** 2, (-2) ** 2, 2 ** -1, 2 ** 3 ** 2, not True == False, not (True == False))
print(1 + 2 << 3 - 1, 1 | 2 ^ 3 & 4, 5 & 3 == 1, 1 < 2 == True, ~1 + 1, -1 ** 2, 10 - 4 - 3, 2 * 3 / 4 * 5, 7 // 2 * 2, 7 % 4 * 3)
print(1 if 0 else 2 if 1 else 3, (lambda: 1 or 0)(), not 1 or 1, 1 and not 0, 3 in [3] == True, (3 in [3]) == True, 1 == 1 in [1])
print([*range(2), *"a"], {**{}, "a": 1}, (1, *[2]), 1, *(2, 3), sep="|")
x = y = 5
x, y = y + 1, x - 1
print(x, y, x if x > y else y, -x.__abs__(), (5).real, 1..real, 1.5.is_integer(), 1 .__add__(2))
print("a" "b" * 2, "%d" % 5 * 2, "%d-%d" % (1, 2), "x" in "xyz" and "q" not in "xyz", not "a" in "b")
print(True is not False, None is None is None, 1 < 2 < 3 > 0, (1 < 2) < 3)
print((yield_ := 3), [i for i in range(3) if i if i > 1], {i: j for i, j in [(1, 2)]}, len([1]))
print(await_ if (await_ := 2) else 0, 5 .bit_length(), -5 // 2, -(5 // 2), +-+5, ~-3, not not 0)
