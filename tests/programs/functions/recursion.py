# oracle: native
import sys


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


print(depth(900))
try:
    depth(5000)
except RecursionError as error:
    print(type(error).__name__, error)
print(depth(900))


def forever():
    return forever()


try:
    forever()
except RecursionError as error:
    print(str(error)[:32])
    count, tb = 0, error.__traceback__
    while tb:
        count += 1
        tb = tb.tb_next
    print(count)
sys.setrecursionlimit(20000)
print(depth(15000), sys.getrecursionlimit())
sys.setrecursionlimit(1000)
a = []
for _ in range(100000):
    a = [a]
del a
nested = []
for _ in range(100):
    nested = [nested]
print(str(nested).count("["))


class Loop:
    def __repr__(self):
        return repr(self)


class LoopAttr:
    def __getattr__(self, name):
        return getattr(self, name + "x")


class LoopEq:
    def __eq__(self, other):
        return self == other


class LoopCall:
    def __call__(self):
        return self()


for make in (lambda: repr(Loop()), lambda: LoopAttr().a, lambda: LoopEq() == LoopEq(), lambda: LoopCall()()):
    try:
        make()
    except RecursionError as error:
        print("RecursionError", str(error).startswith("maximum recursion depth exceeded"))


def mutual_a(n):
    return n if n <= 0 else mutual_b(n - 1)


def mutual_b(n):
    return n if n <= 0 else mutual_a(n - 1)


print(mutual_a(500))
for bad in (0, -1, "x"):
    try:
        sys.setrecursionlimit(bad)
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)


def in_finally(n):
    try:
        in_finally(n + 1)
    finally:
        pass


try:
    in_finally(0)
except RecursionError:
    print("unwound")


def hanoi(n, a, b, c):
    return 0 if n == 0 else hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)


def ackermann(m, n):
    return n + 1 if m == 0 else ackermann(m - 1, 1 if n == 0 else ackermann(m, n - 1))


print(hanoi(10, "a", "b", "c"), ackermann(2, 3))
