# Rejected inputs for each of the grammar's rules about mistakes, and their neighbours: the error as `exec`, and where it differs
# as `single` and `eval`. Blocks of several lines are joined below.
import warnings
warnings.simplefilter("ignore")
S = r'''
f(a for a in b, c)
f(c, a for a in b)
f(a for a in b, c for c in d)
f(x=1, a for a in b)
f(**a, *b)
f(**a, b)
f(a=1, b)
f(a=1, *b, c)
f(True=1)
f(None=1)
f(a.b=1)
f(a[0]=1)
f((a)=1)
f(a+b=1)
f("a"=1)
f(lambda x: x=1)
f(a=)
f(a=, b)
f(a, b=, c)
f(*, a)
f(**)
f(*)
f(a b)
f(a, b c)
f(a := 1 = 2)
f(a:=1, b:=)
f(x for x in y for)
f(**x, y=1, *z)
f(a=b for c in d)
f(a=b for c in d, e)
f(a, b for b in c, d)
class C(x for x in y): pass
class C(a for a in b, c): pass
class C(a=1, b): pass
print a
print a, b
exec a
exec "a" in b
print
print(a) if b else
a if b
a if b else
(a if b)
x = a if b
x = (a if b, c)
[a if b for c in d]
a if b: c
if a else b
a if pass else b
a if b else pass
a = 1 if b else break
1 if 2 else 3 = 4
lambda a, a: 1
lambda *: 1
lambda *, **k: 1
lambda **k, a: 1
lambda **k, *a: 1
lambda a=1, b: 1
lambda a, /, b, /: 1
lambda /: 1
lambda /, a: 1
lambda *a, /: 1
lambda *a, *b: 1
lambda *a=1: 1
lambda **a=1: 1
lambda (a): 1
lambda (a, b): 1
lambda a, (b): 1
lambda a=: 1
lambda *a, b=: 1
lambda *, a, *: 1
lambda *, : 1
lambda **k, /: 1
lambda x: yield = 1
def f(a=1, b): pass
def f(*): pass
def f(*, **k): pass
def f(*,): pass
def f(**k, a): pass
def f(**k, *a): pass
def f(**k, **l): pass
def f(**k, /): pass
def f(a, /, b, /): pass
def f(/): pass
def f(/, a): pass
def f(*a, /): pass
def f(*a, *b): pass
def f(*a, *): pass
def f(*a=1): pass
def f(**a=1): pass
def f(*, a, *b): pass
def f((a)): pass
def f((a, b)): pass
def f(a, (b, c)): pass
def f(a=): pass
def f(a, b=): pass
def f(a: int=): pass
def f(*a: *b = 1): pass
def f(a, b:): pass
def f(1): pass
def f(a.b): pass
def f("a"): pass
def f(None): pass
def f(a, True): pass
def f(): 
def f()
def f(:
def f
def f:
def 1(): pass
def f() -> : pass
def f() ->
def f[](): pass
def f[T=](): pass
def f[T:](): pass
def f[*T: int](): pass
def f[**P: int](): pass
def f[*T: (int, str)](): pass
def f[**P: (int, str)](): pass
def f[T, T](): pass
def f[T=int, U](): pass
def f[1](): pass
def f[T: (yield)](): pass
class C[T: (x:=1)]: pass
type X = (yield)
type X[T] = (await y)
type X
type X =
type X[T]
type X[T = (x := 1)] = 1
type 1 = 2
type X.y = 2
class C
class C:
class C()
class C(
class C(a)
class C(a) pass
class C:pass:pass
class 1: pass
class C[T]
for x in y
for x in y pass
for x in
for x
for
for x y
for x = 1 in y: pass
for 1 in x: pass
for x, 1 in y: pass
for f() in y: pass
for x + 1 in y: pass
for (x, y in z: pass
for x in y: 
for *x in y: pass
for (x) in: pass
for a in b, *c
async for x in y
async with x
async x
async
async def
async def f
async lambda: 1
while
while x
while x pass
while x = 1: pass
while x:
while x: pass else: pass
if
if x
if x pass
if x = 1: pass
if x = 1 and y: pass
if x.y = 1: pass
if x[0] = 1: pass
if x == 1 = 2: pass
if x:
if x: pass elif y: pass
if x: pass
else
if x: pass
elif
with
with x
with x as
with x as 1: pass
with x as f(): pass
with x as (y, 1): pass
with x as y
with x as y, z
with x as y, z as
with (x as y)
with (x as y, z)
with (x as y, z as 1): pass
with (x as y) as z: pass
with (x, y as z) as w: pass
with (x as f()): pass
with x, y as z pass
with x:
with (x):
with (x as y):
try
try:
try: pass
try: pass
except
try: pass
except:
try: pass
except E
try: pass
except E as
try: pass
except E as 1: pass
try: pass
except E as a.b: pass
try: pass
except E as (a): pass
try: pass
except E, F as e: pass
try: pass
except E, F: pass
else
try: pass
except*: pass
try: pass
except* E, F as e: pass
try: pass
except* E as a.b: pass
try: pass
except* E
try: pass
except: pass
except* E: pass
try: pass
except* E: pass
except E: pass
try: pass
finally
try: pass
finally:
try: pass
except: pass
except E: pass
try: pass
else: pass
match x
match x:
match x: case 1: pass
match x: pass
case 1: pass
match
match x, y:
del f()
del 1
del a + b
del (a, b + c)
del *a
del (*a, b)
del a, f()
del [a, 1]
del (a for a in b)
del a if b else c
del
del a b
del x := 1
del {}
del None
del "x"
del lambda: 1
del a.b()
a + b = 1
f() = 1
a, f() = 1
a = f() = b
(a, b + c) = 1
[a, 1] = b
*a, *b = c
(x := 1) = 2
x := 1
x.y := 1
(x.y := 1)
(x[0] := 1)
(f() := 1)
((a, b) := 1)
([a] := 1)
(1 := 2)
(a + b := 1)
(lambda: 1 := 2)
(None := 1)
(x := 1, y := )
a += b += c
a += 
f() += 1
(a, b) += 1
[a] += 1
1 += 1
a + b += 1
a if b else c += 1
*a += 1
None += 1
a.b, c += 1
a: int: str
(a, b): int
[a]: int
a, b: int
f(): int
1: int
a + b: int
(a): int =
a: 
a: int =
a.b: int: str
lambda x: y: int
yield = 1
yield x = 1
x = yield = 1
(yield) = 1
(yield): int
a = yield b = c
await x = 1
await
await 1 = 2
[x for x in]
[x for x]
[x for]
[for x in y]
[x async for x]
[x for x in y if]
[x for x in y for]
[x, y for x in z]
[x, for x in z]
{x, y for x in z}
(x, y for x in z)
[*x for x in y]
{*x for x in y}
(*x for x in y)
{**x for x in y}
{x: y, z for z in w}
{x: y for x, y in z, w}
[x for 1 in y]
[x for f() in y]
[x for x, 1 in y]
[x for (x, f()) in y]
[x for x in y, z]
[x for *x in y]
{a:}
{a: , b: c}
{a: b, c}
{a, b: c}
{a: b c: d}
{a: b, c d}
{a: *b}
{a: **b}
{a: b, **c for d in e}
{**a: b}
{*a: b}
{**}
{a: 1, *b}
{a: b, c: *d}
{1: 2, 3 for 4}
{a:=1: 2}
{a: b:=1}
{a = 1}
{a: b = 1}
{"a" "b": c "d"}
{1 2}
(a b)
(a, b c)
[a b]
[a, b c]
[a, b c, d]
(a = 1)
(a, b = 1)
[a = 1]
(a.b = 1)
f"{a b}"
f"{}"
f"{a"
f"{a!}"
f"{a!x}"
f"{a!r"
f"{a:{b}"
f"{a:{}}"
f"{!r}"
f"{:x}"
f"{=}"
f"{a=!}"
f"{lambda x: 1}"
f"{lambda: 1}"
f"{a = b}"
f"{*a}"
f"{**a}"
f"{yield}"
f"{a $ b}"
f"{a:{b!}}"
f"{a! r}"
f"{a!r:"
f"{a!r x}"
f"{a)}"
f"{(a}"
f"{[a}"
f"}"
f"{a}}"
f"{{}"
f"{a;b}"
f"{import x}"
f"{a as b}"
f'{a!r:{b c}}'
t"{}"
t"{a b}"
t"{a!x}"
t"{lambda x: 1}"
t"}"
"a" b"b"
b"a" "b"
f"a" b"b"
t"a" "b"
t"a" f"b"
t"a" b"b"
"a" t"b"
b"é"
"\N{foo}"
"\N{"
"\x1"
"\u12"
"\U00110000"
b"\x1"
"abc
'abc
"""abc
f"abc
f"""abc
f"{a
f"""{a
r"\
0777
0_
1__0
0b2
0b
0o8
0o
0xg
0x
1_
1e
1e+
1.e
1.0j1
12a
1_a
0b1a
0xfor
1if x else y z
1.2.3
1..2
.1.2
0_7
00000001
09
09.5
1_000_
a.1
a.
a..b
.a
a[
a[]
a[b:c:d:e]
a[b c]
a[b, c d]
a[:, ]=
a[*b:c]
a[*]
a[b=1]
a[b:=1:2]
a[**b]
(
)
[
}
(]
[)
{)
([)]
(a]
f(a]
f(
f(a
f(a,
[a, b
{a: b
a = (1,
b = 2
a = [1, 2
b = 3
import
import a.
import a b
import a as
import a as b.c
import a as 1
import a as f()
import a as (b)
import a.b as c.d
import a, b as 
import *
import a.*
import (a)
import a from b
import a, from b
import a.b.c from d
from
from a
from a import
from a import b,
from a import b, c,
from a import (b, c
from a import ()
from a import (b,,c)
from a import b.c
from a import b as c.d
from a import b as 1
from a import b as "c"
from a import b as
from a import *, b
from a import b c
from . import
from .a import b as f()
from .. import *
from a import (*)
from 1 import a
from a.b import c as d as e
global
global a.b
global a, 
global 1
global a = 1
nonlocal
nonlocal a b
return = 1
return return
raise a from
raise from a
raise a, b
raise a from b from c
assert
assert a,
assert a, b, c
assert (a = b)
assert a = b
assert a, b = c
assert a := b
assert a if b
pass a
pass = 1
break 1
continue x
a not b
a not in
not
a is
a is not
a not
a and
a or or b
a < > b
a <> b
a === b
a =! b
a ! b
a ? b
a $ b
a -> b
a => b
a ++
a ++ b
a --
++a =
a & & b
a && b
a || b
!a
a % % b
a ** * b
a // / b
a @ 
@
@a
@a b
@a
x = 1
@a
@
def f(): pass
@a.b(
def f(): pass
a b
a 1
1 a
1 2
"a" 1
1 "a"
a "b"
a.b c
a() b
a[0] b
f(1) 2
x = a b
x = 1 2
return a b
None = 1
True = 1
False += 1
None: int
__debug__ = 1
... = 1
a.None = 1
a.True
f(None)=1
def None(): pass
class True: pass
import None
import a as None
from a import None
from None import a
with a as None: pass
for None in a: pass
[x for None in y]
lambda None: 1
(None := 1)
del None
x.y = z = None = 1
global None
try: pass
except E as None: pass
match x:
 case None(): pass
match x:
 case 1 as None: pass
match x:
 case a.b as c.d: pass
match x:
 case 1 as _: pass
match x:
 case 1 as 2: pass
match x:
 case a | b: pass
match x:
 case a | 1: pass
match x:
 case {**a, "b": c}: pass
match x:
 case {**_}: pass
match x:
 case {**a, **b}: pass
match x:
 case {a: b}: pass
match x:
 case {1: a, 1: b}: pass
match x:
 case {"a": b, "a": c}: pass
match x:
 case [*a, *b]: pass
match x:
 case C(a=1, b): pass
match x:
 case C(a=1, a=2): pass
match x:
 case C(a.b=1): pass
match x:
 case C(1=2): pass
match x:
 case 1 + 2: pass
match x:
 case 1 + 2j: pass
 case 1j + 2: pass
match x:
 case -a: pass
match x:
 case +1: pass
match x:
 case --1: pass
match x:
 case 1 + a: pass
match x:
 case f"a": pass
match x:
 case "a" f"b": pass
match x:
 case t"a": pass
match x:
 case a(): b
 case _ : pass
 case c: pass
match x:
 case _: pass
 case 1: pass
match x:
 case a: pass
 case b: pass
match x:
 case (a, a): pass
match x:
 case *a: pass
match x:
 case a if: pass
match x:
 case : pass
match x:
 case a
match x:
 case a pass
match x:
 case 1, 2 3: pass
match x:
 case (): pass
 case []: pass
 case [: pass
match x:
 case lambda: 1: pass
match x:
 case not a: pass
match x:
 case a and b: pass
match x:
 case a < b: pass
match x:
 case a.b(): pass
 case a(b)(c): pass
match x:
 case a[0]: pass
match x:
 case {a.b: 1, **rest}: pass
 case {1 + a: 2}: pass
match x:
 case {-1: a, 1+1j: b, "x" "y": c, b"x": d, None: e, f(): g}: pass
match *x:
 case 1: pass
match x, *y: pass
'''.strip("\n")
cases = []
for line in S.split("\n"):
    if line.startswith((" ", "except", "finally", "else", "elif")) or (cases and cases[-1].startswith("@") and line.startswith(("x =", "def f", "@")) and "\n" not in cases[-1] and line != "@a b" and not line.startswith("@a")):
        cases[-1] += "\n" + line
    else:
        cases.append(line)
extra = ["if x:\npass", "def f():\npass", "class C:\npass", "for x in y:\npass", "while x:\npass", "with x:\npass", "with (x):\npass", "with (x as y):\npass", "try:\npass", "try:\n  pass\nexcept:\npass", "try:\n  pass\nexcept E:\npass",
 "try:\n  pass\nexcept E as e:\npass", "try:\n  pass\nexcept* E:\npass", "try:\n  pass\nexcept* E as e:\npass", "try:\n  pass\nfinally:\npass", "try:\n  pass\nexcept E:\n  pass\nelse:\npass", "if x:\n  pass\nelif y:\npass", "if x:\n  pass\nelse:\npass",
 "for x in y:\n  pass\nelse:\npass", "while x:\n  pass\nelse:\npass", "match x:\ncase 1: pass", "match x:\n  case 1:\n  pass", "match x:\n  pass", "async def f():\npass", "async def f():\n  async for x in y:\n  pass", "async def f():\n  async with x:\n  pass", "@a\ndef f():\npass",
 "def f():\n    x\n  y", "if x:\n    a\n   b\n", " x", "  x = 1\ny", "x\n  y", "if x:\n\ta\n        b\n    c", "if x:\n        a\n\tb", "if x:\n\ta\n  b", "class C:\n  def f(self):\n  pass", "def f(\n  a,\n  b\n  c\n): pass", "x = (1 +\n", "x = {\n 'a': 1\n 'b': 2\n}", "x = [\n 1\n 2\n]", "foo(a\n b)", "foo(a,\n b c,\n d)",
 "x = 1 +\ny", "x = (\n  1,\n  2\ny = 3", "def f(:\n  pass", "if x == 1 {\n y\n}", "a = b = \n", "a\\\n b", "a \\ b", "a \\", "\\", "a = 'x\\", "'''\\", "f'{a\\\n}'", "f'{\n'", "f'''{\n'''", "x = 5 # c\n  y", "\tx", "é = 1 2", "x = 'é' y", "ü(a b)", "def ü(a, a b): pass", "x\u00a0= 1", "x = “a”", "a\u200b", "x = 1\u3000", "x = ‘a’", "🐍 = 1", "x = 🐍", "a\x00b", "a\x01b", "\ufeffx y", "x = 1;; y", "; x", "x; ; y", "x;y z", ": x", "else: pass", "elif x: pass", "except: pass", "finally: pass", "case 1: pass", "in x", "is x", "and x", "as x", "from", "with", "x = ", "x =\n", "= 1", "== 1", "x ==", "x == = 1", "x.(y)", "x.[y]", "x.'y'", "f(x)(", "f(x))", "[1, 2}", "{1: 2]", "(1, 2]", "f(x]", "f({)", "print(\"a\"", "print('a", "print(a))", "if (a:\n  pass", "while (x < 1:\n  pass", "x = [1, 2, 3\nprint(x)\n", "d = {'a': 1\nprint(d)\n", "def f(a, b\n  return a", "class A(B:\n  pass", "for i in range(10:\n  pass", "if True:\n", "def f():\n  '''doc'''\n x", "return", "yield", "await x", "x = yield", "def f():\n  yield x = 1", "[yield]", "lambda: (yield) = 1", "def f(x): global x", "def f():\n  x = 1\n  global x", "nonlocal x", "def f():\n  nonlocal x", "from __future__ import foo", "x = 1\nfrom __future__ import annotations", "from __future__ import braces", "from __future__ import (annotations, foo)", "def f():\n  from x import *", "break", "continue", "if 1:\n  break", "def f():\n  break", "while 1:\n  def f():\n    break", "class C:\n  return 1", "*a", "*a, ", "x = *a", "x = *a, b", "print(*a, **b, *c)", "a, b += 1", "(*a)", "(*a, *b) = c", "*a = b", "[*a] = b", "*a, b, *c = d", "del *a,", "for *a, in b: pass", "return *a, b", "def f():\n  return *a", "def f():\n  yield *a", "x[*a, *b] = 1", "x[*a]", "x[*a:b]", "async def f():\n  [await x for x in y]\n  await = 1", "def f():\n  await x", "def f():\n  async with x: pass", "def f():\n  async for x in y: pass", "def f():\n  [x async for x in y]", "[x async for x in y]", "async def f():\n  yield from x", "async def f():\n  yield 1\n  return 2", "class C:\n  yield", "def f(a, a): pass", "lambda a, a: 1", "def f(a, *a): pass", "def f(*, a, **a): pass", "f(a=1, a=2)", "f(**a, b=1, b=2)", "class C(a=1, a=2): pass", "x: int = y: str", "(x): int", "(x, y): int = 1", "def f():\n  x: int\n  global x", "def f():\n  global x\n  x: int = 1", "class C:\n  nonlocal x", "def f():\n  def g():\n    nonlocal y", "try:\n  pass\nexcept:\n  pass\nexcept E:\n  pass", "try: pass\nexcept* E:\n  return", "def f():\n  try: pass\n  except* E:\n    return", "for x in y:\n  try: pass\n  except* E:\n    break", "for x in y:\n  try: pass\n  except* E:\n    continue", "with a as b, c as f(): pass", "def f():\n  try:\n    pass\n  finally:\n    return 1", "for x in y:\n  try: pass\n  finally:\n    continue", "x = (y for y in z := w)", "[x := 1 for x in y]", "[y for x in (y := z)]", "class C:\n  [x := 1 for y in z]", "[i := i for i in x]", "[[(j := 0) for i in x] for j in y]", "{(a := 1): a for a in b}", "lambda: (x := 1) = 2", "def f(x=(y:=1), y=2): pass", "f(x=y:=1)", "x = y := 1", "if x := 1: pass\nx := 2", "with x := 1: pass", "with (x := 1) as y, z := 2: pass", "x[y := 1] = 2", "x[y:=1, z] += :=", "del (x := 1)", "for x := 1 in y: pass", "def f() -> x := 1: pass", "@x := 1\ndef f(): pass\n)", "assert x := 1, y", "raise x := 1", "return x := 1", "import x := 1", "global x := 1"]
cases += extra
def show(case, mode):
    try:
        compile(case, "<c>", mode)
        return "fine"
    except SyntaxError as e:
        place = e.lineno, e.offset, e.end_lineno, e.end_offset
        return f"{'' if type(e) is SyntaxError else type(e).__name__ + ': '}{e.msg} {place} {e.text!r}"
    except Exception as e:
        return f"{type(e).__name__}: {e}"

for case in cases:
    first = show(case, "exec")
    print(repr(case), "|", first)
    for mode in "single", "eval":
        other = show(case, mode)
        if other.rpartition(" ")[0] != first.rpartition(" ")[0]:
            print("   ", mode, "|", other)
