# Scopes: global, nonlocal, parameters, classes.
TEXTS = r'''
def f():
    x = 1
    global x
----
def f():
    print(x)
    global x
----
def f():
    x: int
    global x
----
def f():
    global x
    x: int = 1
----
def f():
    x += 1
    global x, y
----
def f():
    for x in y: pass
    global y
----
def f():
    import a.b
    global a
----
def f():
    import a.b as c
    nonlocal c
----
def f():
    def g(): pass
    global g
----
def f():
    class C: pass
    global C
----
def f(a, *b, **c):
    global b
----
def f(a, *b, **c):
    global a, c
----
def f(a, *, k):
    nonlocal k
----
def f():
    with a as b:
        global b
----
def f():
    try: pass
    except E as err: pass
    global err
----
def f():
    del x
    global x
----
def f():
    [x := 1]
    global x
----
def f():
    match a:
        case {'k': v, **rest}: pass
    global rest
----
def f():
    type X = int
    global X
----
nonlocal x
----
nonlocal a, b
----
x = 1
nonlocal x
----
class A:
    nonlocal x
----
class A:
    x = 1
    def f(self):
        nonlocal x
----
def f():
    nonlocal x
----
def f():
    def g():
        def h():
            nonlocal a, b
        a = 1
----
def f():
    x = 1
    def g():
        print(x)
        nonlocal x
----
def f():
    x = 1
    def g():
        x = 2
        nonlocal x
----
def f():
    x = 1
    def g():
        x: int = 2
        nonlocal x
----
def f():
    x = 1
    def g():
        nonlocal x
        x: int
----
def f():
    x = 1
    def g():
        nonlocal x
        global x
----
def f():
    x = 1
    def g():
        global x
        nonlocal x
----
def f():
    global x
    def g():
        nonlocal x
----
x = 1
def f():
    class B:
        nonlocal x
----
def f():
    nonlocal __class__
----
class A:
    def f(self):
        nonlocal __class__
        __class__ = 1
    nonlocal __class__
----
global x; x = 1; y = 2
def g():
    y = 1; global y
----
x = 1
global x
----
print(x)
global x
----
class A:
    x = 1
    global x
----
class A:
    print(x)
    global x
----
class A:
    x: int
    global x
----
class A:
    global x
    x: int
----
global x
x: int = 1
----
x: int = 1
global x
----
(x): int = 1
global x
----
lambda: (x := 1, [0 for x in y])
----
def f(a, a): pass
----
def f(a, b, c, b=2): pass
----
def f(a, /, a): pass
----
def f(a, *a): pass
----
def f(a, **a): pass
----
def f(*a, a=1): pass
----
def f(*, k, k): pass
----
def f(a, *, b, **a): pass
----
lambda a, b, a: 0
----
lambda *, a, **a: 0
----
x = [lambda a, /, *, a=1: 0]
----
async def f(b,
            a, b): pass
----
class A:
    def __f(self, __a, _A__a): pass
----
def f(é, e, é): pass
----
def ﬁ(ﬁ, fi): pass
----
def f(__debug__): pass
----
def f(*__debug__): pass
----
def f(**__debug__): pass
----
def f(*, __debug__=1): pass
----
lambda __debug__: 1
----
lambda *, a, __debug__: 1
----
def __debug__(): pass
----
async def __debug__(): pass
----
class __debug__: pass
----
class __debug__[T]: pass
----
def f[__debug__](): pass
----
class A[__debug__]: pass
----
type __debug__ = int
----
type A[__debug__] = int
----
type A[*__debug__] = int
----
__debug__ = 1
----
__debug__ += 1
----
__debug__: int = 1
----
__debug__: int
----
(__debug__) = 1
----
a, __debug__ = 1, 2
----
[a, *__debug__] = b
----
del __debug__
----
del (a, __debug__)
----
del a.__debug__
----
a.__debug__ = 1
----
a.b.__debug__ += 1
----
a.__debug__: int = 1
----
a.__debug__: int
----
for __debug__ in a: pass
----
for a.__debug__ in b: pass
----
[1 for __debug__ in a]
----
{a: b for a, __debug__ in c}
----
with a as __debug__: pass
----
with a as (b, __debug__): pass
----
import __debug__
----
import a.__debug__
----
import a as __debug__
----
import __debug__.a
----
from a import __debug__
----
from a import b as __debug__
----
from __debug__ import a
----
try: pass
except A as __debug__: pass
----
try: pass
except* A as __debug__: pass
----
(__debug__ := 1)
----
f(__debug__=1)
----
class A(__debug__=1): pass
----
class A(metaclass=B, __debug__=1): pass
----
match a:
    case __debug__: pass
----
match a:
    case [*__debug__]: pass
----
match a:
    case {**__debug__}: pass
----
match a:
    case A(__debug__=b): pass
----
match a:
    case A(b=__debug__): pass
----
match a:
    case 1 as __debug__: pass
----
global __debug__
----
def f():
    global __debug__
    __debug__ = 1
----
print(__debug__); __debug__
----
def f():
    from m import *
----
class A:
    from m import *
----
def f():
    if x:
        from ..m import *
----
async def f(): from m import *
----
class A:
    def f(self):
        from m import *
'''
