# oracle: native
# Deeply nested data: a Python exception at most, and everything works afterwards.
import sys


def nest(n, make):
    value = make(None)
    for _ in range(n):
        value = make(value)
    return value


for make in (lambda v: [v], lambda v: (v,), lambda v: {"k": v}):
    deep = nest(50, make)
    print(len(repr(deep)), deep == nest(50, make))
deep = nest(200000, lambda v: [v])
try:
    repr(deep)
except RecursionError:
    print("repr: RecursionError")
other = nest(200000, lambda v: [v])
try:
    deep == other
except RecursionError:
    print("==: RecursionError")
try:
    deep < other
except RecursionError:
    print("<: RecursionError")
del deep, other

class Node:
    def __init__(self, next):
        self.next = next


chain = nest(100000, Node)
count = 0
while chain is not None:
    chain, count = chain.next, count + 1
print(count)
chain = nest(100000, Node)
del chain


def gen(n):
    if n:
        yield from gen(n - 1)
    yield n


print(sum(gen(200)))
try:
    eval("(" * 300 + ")" * 300)
except SyntaxError as error:
    print("parser:", error.msg)
print(eval("(" * 50 + "1" + ")" * 50), eval("-" * 50 + "1"), eval("[" * 50 + "]" * 50) != [])
print("alive", sys.getrecursionlimit())
