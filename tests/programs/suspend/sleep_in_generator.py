# Waiting inside generators, comprehensions, context managers and finally blocks.
import time


def ticks(n):
    try:
        for i in range(n):
            time.sleep(0.0005)
            yield i
    finally:
        time.sleep(0.0005)
        print("ticks over")


def both(n):
    result = yield from ticks(n)
    yield result


print(list(ticks(3)))
print([x * 2 for x in ticks(3)], {x for x in ticks(2)}, {x: -x for x in ticks(2)})
print(list(both(2)))
g = ticks(5)
print(next(g), next(g))
g.close()
a, *b = ticks(4)
print(a, b)
print(sum(ticks(4)), max(ticks(3)), tuple(zip(ticks(2), ticks(3))))


class Slow:
    def __enter__(self):
        time.sleep(0.0005)
        return self

    def __exit__(self, kind, error, tb):
        time.sleep(0.0005)
        print("exit", kind and kind.__name__)
        return kind is KeyError


with Slow():
    raise KeyError("swallowed")
try:
    with Slow() as a, Slow() as b:
        1 / 0
except ZeroDivisionError as error:
    time.sleep(0.0005)
    print("caught", error)
start = time.monotonic()
time.sleep(0.01)
print(time.monotonic() - start >= 0.009)
