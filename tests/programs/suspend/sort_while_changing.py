# What CPython guarantees about a list that is being sorted.
items = [3, 1, 2]
seen = []


def key(item):
    seen.append(len(items))
    return item


items.sort(key=key)
print(items, seen)


def meddle(item):
    items.append(item)
    return item


try:
    items.sort(key=meddle)
except ValueError as error:
    print("ValueError:", error)
print(items)


def fail(item):
    if item == 2:
        raise KeyError("two")
    return item


items = [3, 2, 1]
try:
    items.sort(key=fail)
except KeyError as error:
    print("KeyError:", error, items)
