rows = [("Name", "Age", "City"), ("Ann", 30, "Zürich"), ("Bartholomew", 7, "Rome"), ("李", 101, "北京")]
widths = [max(len(str(row[i])) for row in rows) for i in range(3)]
for i, row in enumerate(rows):
    print("| " + " | ".join(f"{str(cell):{'>' if j == 1 else '<'}{w}}" for j, (cell, w) in enumerate(zip(row, widths))) + " |")
    if i == 0:
        print("|" + "|".join("-" * (w + 2) for w in widths) + "|")
for x in range(1, 6):
    print("{0:2d} {1:3d} {2:4d}".format(x, x * x, x * x * x), "%-5s|%5s|" % (x, "*" * x), repr(x).rjust(3), str(x).zfill(4), f"{x / 3:.3f}", f"{x:>{x + 2}}")
data = {"Sjoerd": 4127, "Jack": 4098, "Dcab": 7678}
print("Jack: {0[Jack]:d}; Sjoerd: {0[Sjoerd]:d}".format(data), "Dcab: {Dcab:d}".format(**data))
for name, phone in data.items():
    print(f"{name:10} ==> {phone:10d}")
print(f"{'left':<10}|{'mid':^10}|{'right':>10}", f"{3.14159:10.2f}|{-5:+}|{255:#06x}|{1e6:,.0f}|{0.256:.1%}")


def hexdump(data):
    for i in range(0, len(data), 8):
        chunk = data[i:i + 8]
        print(f"{i:04x}  {' '.join(f'{b:02x}' for b in chunk):<23}  {''.join(chr(b) if 32 <= b < 127 else '.' for b in chunk)}")


hexdump("Hello, wörld!\n\t€".encode())
print("\n".join(f"{i} x {j} = {i * j}" for i in range(2, 4) for j in range(1, 4)))
