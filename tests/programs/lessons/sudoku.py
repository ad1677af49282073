puzzle = "530070000600195000098000060800060003400803001700020006060000280000419005000080079"
grid = [[int(puzzle[r * 9 + c]) for c in range(9)] for r in range(9)]


def allowed(r, c):
    used = set(grid[r]) | {grid[i][c] for i in range(9)}
    br, bc = r // 3 * 3, c // 3 * 3
    used |= {grid[i][j] for i in range(br, br + 3) for j in range(bc, bc + 3)}
    return [n for n in range(1, 10) if n not in used]


def solve():
    best = None
    for r in range(9):
        for c in range(9):
            if grid[r][c] == 0:
                options = allowed(r, c)
                if best is None or len(options) < len(best[2]):
                    best = (r, c, options)
    if best is None:
        return True
    r, c, options = best
    for n in options:
        grid[r][c] = n
        if solve():
            return True
    grid[r][c] = 0
    return False


print(solve())
for r, row in enumerate(grid):
    if r % 3 == 0 and r:
        print("------+-------+------")
    print(" | ".join(" ".join(map(str, row[i:i + 3])) for i in (0, 3, 6)))
print(all(sorted(row) == list(range(1, 10)) for row in grid), all(sorted(col) == list(range(1, 10)) for col in zip(*grid)))
