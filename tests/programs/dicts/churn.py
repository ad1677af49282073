# Keys that come and go in a dict that stays small: the marks of removed keys must not fill its table.
from collections import OrderedDict

table = {n: n for n in range(20)}
for n in range(1000, 5000):
    table[n] = 1
    del table[n]
print(len(table), 7 in table, 70000 in table)

for n in range(1000, 5000):
    table[n] = 1
    if n % 3:
        table.popitem()
    else:
        del table[n - n % 2 if n - n % 2 in table else n]
print(len(table))

ordered = OrderedDict((str(n), n) for n in range(30))
for n in range(3000):
    ordered[f"k{n}"] = n
    ordered.move_to_end(f"k{n}", last=n % 2 == 0)
    ordered.popitem(last=n % 5 < 2)
print(len(ordered), list(ordered)[:3], "x" in ordered)

names = {f"name{n}": n for n in range(12)}
for n in range(3000):
    names[f"other{n}"] = n
    names.pop(f"other{n}")
print(len(names), "nothing" in names)
