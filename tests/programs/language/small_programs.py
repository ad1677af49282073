print(sum(x for x in range(1000) if x % 3 == 0 or x % 5 == 0))
a, b, total = 1, 2, 0
while b < 4_000_000:
    total += b if b % 2 == 0 else 0
    a, b = b, a + b
print(total)
n, f = 600851475143, 2
while f * f <= n:
    if n % f:
        f += 1
    else:
        n //= f
print(n)
print(max(i * j for i in range(900, 1000) for j in range(900, 1000) if str(i * j) == str(i * j)[::-1]))
print(sum(range(101)) ** 2 - sum(i * i for i in range(101)))
print([(x, y, z) for x in range(1, 20) for y in range(x, 20) for z in range(y, 30) if x * x + y * y == z * z])
print(sum(int(d) for d in str(2 ** 1000)))
triangle = [[75], [95, 64], [17, 47, 82], [18, 35, 87, 10]]
while len(triangle) > 1:
    last = triangle.pop()
    triangle[-1] = [v + max(last[i], last[i + 1]) for i, v in enumerate(triangle[-1])]
print(triangle[0][0])
digits = "".join(str(i) for i in range(1, 200))
print([digits[10 ** k - 1] for k in range(3)])
perms = [[]]
for c in "0123":
    perms = [p[:i] + [c] + p[i:] for p in perms for i in range(len(p) + 1)]
print(sorted("".join(p) for p in perms)[10])
spiral, size = 1, 1
for step in range(2, 12, 2):
    for _ in range(4):
        size += step
        spiral += size
print(spiral)
seen, x = {}, 1
while x not in seen:
    seen[x] = len(seen)
    x = x * 10 % 7
print(len(seen) - seen[x])
print("\n".join("".join("#" if (i & j) == 0 else " " for j in range(8)) for i in range(8)))
text = "The rain in Spain"
print({v: text.lower().count(v) for v in "aeiou"}, text[::-1].split()[0], "".join(w[0] for w in text.split()))
print([[i * j for j in range(1, 4)] for i in range(1, 4)], [n for n in range(2, 40) if all(n % d for d in range(2, n))])

