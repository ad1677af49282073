def lcs(a, b):
    table = [[""] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1][j + 1] = table[i][j] + x if x == y else max(table[i + 1][j], table[i][j + 1], key=len)
    return table[-1][-1]


def distance(a, b):
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (x != y)))
        previous = row
    return previous[-1]


def knapsack(items, capacity):
    best = [(0, [])] * (capacity + 1)
    for name, weight, value in items:
        for c in range(capacity, weight - 1, -1):
            total, names = best[c - weight]
            if total + value > best[c][0]:
                best[c] = (total + value, names + [name])
    return best[capacity]


def coins(amount, kinds):
    ways = [1] + [0] * amount
    for k in kinds:
        for a in range(k, amount + 1):
            ways[a] += ways[a - k]
    return ways[amount]


memo = {}


def partitions(n, largest):
    if n == 0:
        return 1
    if n < 0 or largest == 0:
        return 0
    if (n, largest) not in memo:
        memo[n, largest] = partitions(n - largest, largest) + partitions(n, largest - 1)
    return memo[n, largest]


print(lcs("AGGTAB", "GXTXAYB"), distance("kitten", "sitting"), distance("", "abc"), knapsack([("a", 1, 1), ("b", 3, 4), ("c", 4, 5), ("d", 5, 7)], 7))
print(coins(100, [1, 5, 10, 25, 50]), partitions(50, 50), len(memo))


def powerset(s):
    return [[x for i, x in enumerate(s) if mask >> i & 1] for mask in range(2 ** len(s))]


def queens(n, row=0, cols=(), d1=(), d2=()):
    if row == n:
        yield cols
    for c in range(n):
        if c not in cols and row + c not in d1 and row - c not in d2:
            yield from queens(n, row + 1, cols + (c,), d1 + (row + c,), d2 + (row - c,))


print(powerset("abc"), next(queens(6)), sum(1 for _ in queens(6)))
print([[1 if j in (0, i) else 0 for j in range(i + 1)] for i in range(2)])
row = [1]
for _ in range(8):
    print(" ".join(map(str, row)).center(40).rstrip())
    row = [1] + [a + b for a, b in zip(row, row[1:])] + [1]
