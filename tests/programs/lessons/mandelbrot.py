for y in range(-8, 9):
    row = ""
    for x in range(-30, 12):
        z = c = complex(x / 16, y / 7)
        for n in range(20):
            if abs(z) > 2:
                break
            z = z * z + c
        else:
            n = 20
        row += " .:-=+*#%@"[n % 10] if n < 20 else "@"
    print(row.rstrip())
state = 1
bits = 0b00010010
cells = [0] * 31
cells[15] = 1
for _ in range(12):
    print("".join(".#"[c] for c in cells))
    cells = [30 >> (cells[i - 1] << 2 | cells[i] << 1 | cells[(i + 1) % 31]) & 1 for i in range(31)]
