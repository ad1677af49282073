# Assignment expressions in comprehensions and classes; annotations, type parameters.
TEXTS = r'''
[x := 1 for x in y]
----
[(x := 1) for x in y]
----
[(x := x) for a in b for x in y]
----
{x := 1 for x in y}
----
{(x := 1): 2 for x in y}
----
{1: (x := 2) for x in y}
----
((x := 1) for x in y)
----
[1 for x in y if (x := 2)]
----
[1 for x, (*y, z) in a if (z := 2)]
----
[1 for x in (y := z)]
----
[1 for x in a for b in (y := z)]
----
[1 for x in [y := z]]
----
[1 for x in f(y := z)]
----
[1 for x in (lambda: (y := z))()]
----
[1 for x in (lambda a=(y := z): a)()]
----
[1 for x in [a for b in (c := d)]]
----
[[x := 1 for y in z] for x in w]
----
[[(x := 1) for x in z] for y in w]
----
[[[x := 1 for a in b] for y in z] for x in w]
----
[i for i in range(5) if [j for j in range(5) if (i := j)]]
----
class A:
    [x := 1 for y in z]
----
class A:
    [[x := 1 for y in z] for w in v]
----
class A:
    (x for y in z if (x := y))
----
class A:
    f(a, [b := c for c in d])
----
class A:
    def f(self, a=[x := 1 for y in z]): pass
----
def f():
    class A:
        {x: (y := 1) for x in z}
----
lambda: [x := 1 for x in y]
----
(x := 1, y := 2 for x in z)
----
[x := 1, for x in y]
----
[x, y := 1 for x in z]
----
(a, b := c) = d
----
((a := 1)) = 2
----
a := 1
----
a = b := 1
----
a = (b := 1) := 2
----
((a) := 1)
----
((a, b) := 1)
----
(a[0] := 1)
----
(a.b := 1)
----
(a() := 1)
----
(1 := a)
----
(None := 1)
----
("a" := 1)
----
(a + b := 1)
----
(-a := 1)
----
(lambda: a := 1)
----
(a if b else c := 1)
----
(*a := 1)
----
(yield := 1)
----
(await a := 1)
----
f(a.b := 1)
----
a[b.c := 1]
----
x: (y := 1)
----
x: (yield)
----
x: (yield from y)
----
x: [y := 1]
----
x: (await y)
----
x: [y async for y in z]
----
x: (y := 1) = 2
----
x: f((yield)) = 3
----
class A:
    x: (yield)
----
class A:
    x: (y := 1) = 2
----
def f():
    x: (yield)
----
def f():
    x: (y := 1)
----
def f():
    x: (await y)
----
async def f():
    x: (await y)
----
async def f():
    x: [y async for y in z] = 1
----
def f(a: (yield)): pass
----
def f(a: (b := 1)): pass
----
def f(*a: (yield)): pass
----
def f(**a: (b := 1)): pass
----
def f(*, a: (await b)): pass
----
def f() -> (yield): pass
----
def f() -> (a := 1): pass
----
def f() -> (await a): pass
----
async def f(a: (await b)): pass
----
async def f() -> (await b): pass
----
async def f() -> [a async for a in b]: pass
----
def g():
    def f(a: (yield)): pass
----
def g():
    def f(a=(yield)): pass
    def f(a: (yield from b)): pass
----
from __future__ import annotations
x: (yield)
----
from __future__ import annotations
def f(a: (b := 1)): pass
----
from __future__ import annotations
def f() -> (await b): pass
----
type A = (yield)
----
type A = (yield from b)
----
type A = (b := 1)
----
type A = (await b)
----
type A = [b async for b in c]
----
def f():
    type A = (yield)
----
async def f():
    type A = (await b)
----
async def f():
    type A = [b async for b in c]
----
class A:
    type B = (yield)
----
type A[T: (yield)] = 1
----
type A[T: (b := 1)] = 1
----
type A[T: (await b)] = 1
----
type A[T = (yield)] = 1
----
type A[T = (b := 1)] = 1
----
type A[*T = (await b)] = 1
----
type A[**T = (yield)] = 1
----
def f[T: (yield)](): pass
----
def f[T: (b := 1)](): pass
----
def f[T = (await b)](): pass
----
def f[T](a: (yield)): pass
----
def f[T](a=(yield)): pass
----
def f[T](a=(b := 1)): pass
----
def f[T](a=(await b)): pass
----
def f[T]() -> (b := 1): pass
----
async def f():
    def g[T](a=(await b)): pass
----
async def f():
    class A[T](await b): pass
----
async def f():
    class A[T]((yield)): pass
----
class A[T]((yield)): pass
----
class A[T]((b := 1)): pass
----
class A[T](k=(b := 1)): pass
----
class A[T: (yield)]: pass
----
class A[T = (yield from b)]: pass
----
def f[T: (yield), U](): pass
----
@(yield)
def f[T](): pass
----
@(b := 1)
class A[T]: pass
----
def f[T, T](): pass
----
def f[T, *T](): pass
----
def f[T, **T](): pass
----
class A[T, U, T]: pass
----
type A[T, T] = 1
----
type A[*T, **T] = 1
----
type A[T = int, U] = 1
----
type A[T = int, *U] = 1
----
class A[T = int, U: str]: pass
----
def f[*T = int, U](): pass
----
def f[**P = [int], T](): pass
----
def f[T](T, T): pass
----
def f[T](a, T, a): pass
----
def f[T]():
    nonlocal T
----
def f[T]():
    nonlocal T
    T = 1
----
class A[T]:
    nonlocal T
----
class A[T]:
    def f(self):
        nonlocal T
----
class A[T]:
    def f[U](self):
        nonlocal U, T
----
def f[T]():
    def g():
        nonlocal T
----
def f[T]():
    global T
    nonlocal T
----
type A[T] = (lambda: (T := 1))
----
class A[__classdict__]: pass
----
class A[__class__]: pass
----
def f[__classdict__](): pass
----
type A[__classdict__] = 1
----
class A:
    class B[__classdict__]: pass
----
class A:
    def f[__classdict__](self): pass
----
class A:
    type B[__classdict__] = 1
----
def f[](): pass
----
class A[]: pass
----
type A[] = 1
----
type A[T:] = 1
----
type A[T=] = 1
----
type A[*T: int] = 1
----
type A[**T: int] = 1
----
type A[*T: (int, str)] = 1
----
type A[**T: (int, str)] = 1
----
type A[*T = *int] = 1
----
type A[T = *int] = 1
----
type A[T: *int] = 1
----
type A[1] = 1
----
type A[T, 1] = 1
----
type A[a.b] = 1
----
type A.b = 1
----
type A[0] = 1
----
type A() = 1
----
type (A) = 1
----
type A, B = 1
----
type A = 
----
type A = B = C
----
type A: int = 1
----
type A += 1
----
type A
----
type None = 1
----
type A[None] = 1
----
lambda[T]: 1
----
class A[T] B: pass
----
class A(B)[T]: pass
----
def f()[T]: pass
'''
