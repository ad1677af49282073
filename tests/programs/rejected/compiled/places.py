# Statements and expressions where they must not be.
TEXTS = r'''
return
----
return 1
----
if a:
    return b
----
class A:
    return
----
class A:
    if a: return (1,
                  2)
----
def f():
    class A:
        return 1
----
yield
----
yield 1
----
x = yield 1
----
x = (yield)
----
class A: yield 1
----
class A:
    x = yield
----
yield from a
----
class A:
    yield from a
----
f((yield))
----
a[(yield)] = 1
----
await a
----
x = await a
----
class A: await a
----
def f(): await a
----
def f():
    return [await a]
----
lambda: await a
----
def f(): return (await a for b in c)
----
def f(): return [await a for b in c]
----
def f(): return [a async for b in c]
----
def f(): return {a: b async for b in c}
----
def f(): return (a async for b in c)
----
[a async for b in c]
----
[await b for b in c]
----
[a for b in c if await d]
----
{a for b in await c}
----
(a for b in await c)
----
(a async for b in c)
----
(await a for b in c)
----
lambda: [a async for b in c]
----
async def f():
    def g():
        await a
----
async def f():
    def g():
        return [x async for x in y]
----
async def f():
    lambda: await a
----
async def f():
    class A:
        await a
----
async def f():
    class A:
        x = [y async for y in z]
----
async with a: pass
----
async for a in b: pass
----
def f():
    async with a as b, c: pass
----
def f():
    async for a in b:
        pass
    else:
        pass
----
class A:
    async with a: pass
----
class A:
    async for a in b: pass
----
async def f():
    yield from a
----
async def f():
    x = [(yield from a)]
----
async def f():
    yield 1
    return 2
----
async def f():
    return 2
    yield
----
async def f():
    if a:
        return (b,
                c)
    yield
----
async def f(): yield; return None
----
async def f():
    [(yield x) for x in y]
----
def f():
    [(yield x) for x in y]
----
def f():
    [x for x in y if (yield)]
----
def f():
    [x for x in (yield)]
----
def f():
    (x for x in y for z in (yield))
----
{(yield): 1 for x in y}
----
{1: (yield from z) for x in y}
----
{(yield) for x in y}
----
((yield a) for x in y)
----
def f():
    return ((yield from a) for x in y)
----
def f():
    [[(yield) for a in b] for c in d]
----
break
----
continue
----
if a: break
----
if a:
    b
else:
    continue
----
class A: break
----
while a:
    class B: break
----
while a:
    class B:
        continue
----
for a in b:
    def f(): break
----
for a in b:
    def f():
        continue
----
for a in b: pass
else: break
----
while a: pass
else:
    continue
----
with a: break
----
try: break
except: pass
----
try: a
except: continue
----
try: a
finally: break
----
match a:
    case 1: break
----
match a:
    case 1:
        continue
----
for a in b:
    try: pass
    except* C: break
----
for a in b:
    try: pass
    except* C: continue
----
def f():
    try: pass
    except* C: return
----
def f():
    try: pass
    except* C:
        return 1
----
def f():
    for a in b:
        try: pass
        except* C:
            if d: break
----
def f():
    try: pass
    except* C:
        for a in b: return 1
----
while 1:
    try: pass
    except* C:
        if d: continue
----
def f():
    try: pass
    except* C:
        try: pass
        finally: return
----
try: pass
except: pass
except A: pass
----
try: pass
except: pass
except: pass
----
try: pass
except:
    pass
except A:
    pass
else:
    pass
finally:
    pass
----
try: pass
except A: pass
except: pass
except B: pass
----
*a
----
*a, = *b
----
x = *a
----
x = (*a)
----
print(*a), *b
----
return *a
----
def f(): return *a
----
def f(): yield *a
----
del *a
----
del *a, b
----
del (*a,)
----
*a = b
----
[*a, *b] = c
----
a, *b, *c = d
----
(*a, (b, *c, *d)) = e
----
for *a in b: pass
----
for *a, *b in c: pass
----
[a for *a in b]
----
[0 for *a, *b in c]
----
with a as *b: pass
----
with a as (*b, *c): pass
----
*a += 1
----
*a: int
----
a, b: int
----
(a, b): int = 1
----
[a]: int
----
(a.b): int = 1
----
f[*a] = *b
----
f[*a:b]
----
f(**a)[**b]
----
assert *a
----
assert (*a), b
----
raise *a
----
if *a: pass
----
while *a: pass
----
x: *int
----
def f(*args: *Ts, **k: *Ts): pass
----
def f(a: *T): pass
----
lambda *a: *a
----
a if *b else c
----
*a if b else c
----
not *a
----
*a or b
----
(a, *b or c)
----
a[b := 1, c:=2]
----
a[b:=1:2]
----
a[1:b:=2]
----
{**a: 1}
----
{1: **a}
----
{*a: 1}
----
{a, **b}
----
{**a, b}
----
{**{}, 'a'}
----
[**a]
----
(**a)
----
(**a,)
----
f(*)
----
f(**)
----
f(*, a)
----
f(a, *)
----
f(**a, *b)
----
f(**a, b)
----
f(a=1, b)
----
f(a=1, *b, c)
----
f(**a, *b, c=1)
----
f(a=1, **b, c)
----
f(a for a in b, c)
----
f(c, a for a in b)
----
f(c, a for a in b, d)
----
f(a for a in b, c for c in d)
----
f(*a for a in b)
----
f(**a for a in b)
----
f(a=b for b in c)
----
f(x, a=b for b in c)
----
class A(a for a in b): pass
----
class A(B, a for a in b): pass
----
class A(*): pass
----
class A(**): pass
----
@a for a in b
def f(): pass
----
f(True=1)
----
f(None=1, a=2)
----
f(a.b=1)
----
f(a[0]=1)
----
f((a)=1)
----
f(1=2)
----
f(a+b=1)
----
f("a"=1)
----
f(a()=1)
----
f(not a=1)
----
f(lambda: a=1)
----
f(a, b:=1, c=2, d:=3)
----
f(a:=1=2)
----
f(a=1, a=2)
----
f(a=1, b=2, a=3)
----
f(a=1, **b, a=3)
----
f(x, y, a=1,
  b=2,
  a=3)
----
class A(b=1, b=2): pass
----
class A(metaclass=B, metaclass=C): pass
----
f(é=1, é=2)
----
g(f(a=1, a=2))
'''
