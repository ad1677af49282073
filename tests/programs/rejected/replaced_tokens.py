# Right programs made wrong by tokens that are replaced, added, exchanged or cut off at random, the same on every run; and `yield`
# in all places. What compile says about each, with the place.
import re
import warnings

warnings.simplefilter("ignore")
SNIPPETS = '''
a = b[c, d:e, *f] = (g + h) ** -i
----
x: list[int] = y if z else not w
----
x += f(a, *b, k=c, **d)
----
if a < b <= c:
    d = e
elif f is not g:
    h()
else:
    pass
----
while (n := f(a)) not in b:
    if n: break
    continue
else:
    del a, b[0], (c.d)
----
for i, (j, *k) in a, b:
    assert i, "no"
else:
    raise E from None
----
async def f(a, /, b: int = 1, *c, d, e=2, **g) -> h:
    async with a as b, c: await d
    return [z async for z in x]
----
def f[T: int, *U, **V](a=1, *, b):
    global c
    return lambda x, /, *y, z=1: x
----
class A[T = int](B, metaclass=C):
    x = y = 1
    type Z[Q] = list[Q]
----
try:
    a
except (B, C) as d:
    e
except F:
    raise
else:
    g
finally:
    h
----
try:
    a
except* D, E:
    pass
----
with (a as b, c() as (d, e), f):
    pass
----
from .a.b import c as d, e
from .. import (f, g as h)
import i.j as k, l
----
match a, b:
    case [1, -2.5, *c] | {"k": d, **e}:
        pass
    case A.B(x, y=C()) as z if z:
        pass
    case (None | True) | "s" "t" | 1+2j:
        pass
----
x = f"a{b!r:>{c}}d{e=}{f:%H:%M}" "g" rb"h"
----
t = t"a{b + 1!s:x}" t"{c}"
----
print([x for x in y if z if w], {k: v for k, v in d}, (i for i in j), {s for s in t})
----
lambda: (yield x), await y
----
@a.b(c)
def f(): return *a, b
----
x = 0x1f + 1_000 + 1.5e3 + 2j
----
nonlocal_ = {**a, 'b': c, d: e}
----
print("hello" if x else 'b', *y, sep="")
----
async for x in y: pass
'''
TOKENS = re.compile(r'''[rbft]*"[^"\n]*"|[rbft]*'[^'\n]*'|\d[\w.]*|\w+|:=|->|\*\*=?|//=?|[<>=!+*/-]=|\s+|.''', re.S)
POOL = [":=", "=", "==", "*", "**", ",", ":", ".", "(", ")", "[", "]", "{", "}", "lambda", "if", "else", "for", "in", "not", "is",
  "and", "yield", "await", "async", "None", "True", "1", "1.5", '"s"', "f'{x}'", "x", "x.y", "x[0]", "f()", "pass", "import", "from", "as", "def",
  "class", "return", "del", "with", "while", "try", "except", "raise", "global", "match", "case", "type", "print", "->", "@", "~", "-", "!", "!=", ";", "...", "\n", "\n  ",
  "x for x in y", "*x", "**x", "x=1", "x:=1", "$", "?", "0777", "1abc", "'", '"', "b'x'", "t''", "_", "__debug__", "None=1", "<>", "#", "\\", "is not", "not in", "elif", "finally", "nonlocal", "assert", "break", "continue"]
state = 20261
def rnd(n):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) & (2**64-1)
    return (state >> 33) % n
def show(case, mode):
    try:
        compile(case, "<c>", mode)
        return "fine"
    except SyntaxError as e:
        place = e.lineno, e.offset, e.end_lineno, e.end_offset
        return f"{'' if type(e) is SyntaxError else type(e).__name__ + ': '}{e.msg} {place} {e.text!r}"
    except Exception as e:
        return f"{type(e).__name__}: {e}"
snippets = [s.strip("\n") for s in SNIPPETS.split("----\n")]
seen=set()
for n in range(700):
    s = snippets[rnd(len(snippets))]
    t = TOKENS.findall(s)
    k = rnd(6)
    at = rnd(len(t))
    while t[at].isspace() and rnd(4): at = rnd(len(t))
    if k == 0: t[at] = POOL[rnd(len(POOL))]
    elif k == 1: t.insert(at, " " + POOL[rnd(len(POOL))] + " ")
    elif k == 2:
        b = rnd(len(t)); t[at], t[b] = t[b], t[at]
    elif k == 3:
        del t[at:at+1+rnd(3)]
    elif k == 4:
        t[at] = POOL[rnd(len(POOL))]; b = rnd(len(t)); t[b] = " " + POOL[rnd(len(POOL))] + " "
    else:
        del t[at+1:]
        t.append(" " + POOL[rnd(len(POOL))])
        if rnd(2): t.append(" " + POOL[rnd(len(POOL))])
    case = "".join(t)
    if case in seen: continue
    seen.add(case)
    print(ascii(case), "|", ascii(show(case, "exec")))

# `yield`, in a module and in a function.
YIELDS = [
    'x = yield and y',
    'x = yield or 1',
    'x = yield is y',
    'x = yield == 1',
    'x = yield in y',
    'x= yield . a',
    'x = yield if a else b',
    'x = yield 1 if a else b',
    '(yield for x in y)',
    '[yield x for x in y]',
    'f(yield x for x in y)',
    '{yield x for x in y}',
    '{yield: 1}',
    'x = yield, y',
    '(yield x for x in y)',
    '(yield from x for x in y)',
    '(yield if a else b)',
    '(yield)if a else b',
    '((yield) for x in y)',
    '(yield x if a else b)',
    'x = yield not in y',
    'x=yield [1]',
    'x[yield]',
    'x[yield x]',
    'x[yield:1]',
    'yield = 1',
    'yield += 1',
    'yield: int',
    'lambda: yield',
    'lambda: yield x',
    'a if yield else b',
    'a if b else yield',
    'a if b else yield x',
    'yield if a else b',
    'f(yield)',
    'f(yield x)',
    'f(a, yield x)',
    'f(a=yield x)',
    'return yield',
    'return yield x',
    'await yield',
    'not yield',
    '-yield x',
    '*yield',
    'print(*yield)',
    'del yield',
    'assert yield',
    'raise yield',
    'if yield: pass',
    'while yield x: pass',
    'for x in yield: pass',
    'with yield as x: pass',
    'yield yield',
    'yield yield x',
    'x = yield = 1',
    'x = yield x = 1',
    '(yield := 1)',
    '(x := yield)',
    'x := yield',
    'yield,',
    '*a, yield',
    'a, yield',
    '[a, yield]',
    '(a, yield x)',
    '{**yield}',
    "f'{yield}'",
    "f'{yield x}'",
    "f'{yield if a else b}'",
    '@yield\ndef f(): pass',
    'def f(x=yield): pass',
    'def f() -> yield: pass',
    'class A(yield): pass',
    'global yield',
    'import yield',
    'match yield: \n  case 1: pass',
    'type x = yield',
    'yield for x in y',
    'yield lambda: 1',
    'yield from',
    'yield from *a',
    'yield from a, b',
    'x = yield from a if b else c',
    'x = yield from if b else c',
    'yield in x',
    'yield not x',
    'yield is not x',
]
for case in YIELDS:
    print(ascii(case), "|", ascii(show(case, "exec")))
    print("   ", ascii(show("def g():\n    " + case.replace("\n", "\n    "), "exec")))
