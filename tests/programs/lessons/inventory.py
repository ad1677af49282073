stock = {"apple": {"price": 0.5, "count": 10}, "pear": {"price": 0.75, "count": 0}}


def sell(name, n=1):
    item = stock[name]
    if item["count"] < n:
        raise ValueError(f"only {item['count']} x {name} left")
    item["count"] -= n
    return n * item["price"]


income = sell("apple", 3)
print(income, stock["apple"])
for name, n in (("pear", 1), ("kiwi", 1), ("apple", "x")):
    try:
        sell(name, n)
    except (ValueError, KeyError, TypeError) as error:
        print(type(error).__name__, error)
stock.update(kiwi={"price": 0.2, "count": 5})
total = sum(i["price"] * i["count"] for i in stock.values())
print(f"{total:.2f}", sorted(stock, key=lambda n: stock[n]["price"]), {n: i["count"] for n, i in stock.items() if i["count"]})
records = "id,name,score\n1,Ann,9.5\n2,Bob,7\n3,Cid,\n"
header, *lines = (line.split(",") for line in records.strip().split("\n"))
table = [dict(zip(header, line)) for line in lines]
print(table[0], [float(r["score"] or 0) for r in table], max(table, key=lambda r: float(r["score"] or 0))["name"])
nested = {"a": [1, {"b": (2, 3)}]}
print(nested["a"][1]["b"][0], nested.get("z", {}).get("q", "none"))


def flatten(d, prefix=""):
    for k, v in d.items():
        if isinstance(v, dict):
            yield from flatten(v, f"{prefix}{k}.")
        else:
            yield prefix + k, v


print(dict(flatten({"x": 1, "y": {"z": 2, "w": {"q": 3}}})))
inverse = {}
for fruit, color in {"apple": "red", "cherry": "red", "banana": "yellow"}.items():
    inverse.setdefault(color, set()).add(fruit)
print({c: sorted(f) for c, f in inverse.items()})
print(stock["melon"]["price"])
