for w in ["cat", "window"]:
    print(w, len(w))
for n in range(2, 10):
    for x in range(2, n):
        if n % x == 0:
            print(n, "equals", x, "*", n // x)
            break
    else:
        print(n, "is a prime number")
i = 0
while i < 5:
    i += 1
    if i == 2:
        continue
    if i == 4:
        break
    print(i)
else:
    print("not reached")
while i > 0:
    i -= 1
else:
    print("else", i)
for _ in []:
    pass
else:
    print("empty else", "_" in globals())


def find(items, want):
    for i, item in enumerate(items):
        if item == want:
            return i
    return -1


print(find("abc", "c"), find("abc", "z"))
for i in range(3):
    try:
        if i == 1:
            continue
        if i == 2:
            break
    finally:
        print("finally", i)
for i, (a, b) in enumerate([(1, 2), (3, 4)]):
    print(i, a, b, end=" ")
for d in [{}]:
    for d["k"] in range(2):
        print(d, end=" ")
for lst in [[0, 0]]:
    for lst[1] in "ab":
        print(lst, end=" ")
for x, *rest in [(1, 2, 3), "ab"]:
    print(x, rest, end=" ")
print()
for i in range(3):
    for j in range(3):
        if j == i:
            break
        print(i, j)
    else:
        continue
    if i == 2:
        print("stop")
        break
n = 0
while True:
    n += 1
    if n > 100: break
print(n, [k for k in range(0, -5, -2)])
for i in range(3):
    i = 10
print(i)
for item in 5, "x", None:
    print(item, end=",")
print()
for line in """one
two""".splitlines(): print(line)
