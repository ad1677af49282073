# Right programs made wrong, one token at a time: what compile says about each, with the place.
# Every snippet is cut into tokens; each token in turn is dropped, doubled, or gets an intruder before it. The same
# inputs come out on every run, so the record holds only the verdicts: a line for each, `.` for what is accepted.
import re
import warnings

SNIPPETS = '''
a = b[c, d:e, *f] = (g + h) ** -i
----
x: list[int] = y if z else not w
----
a, *b = c, (d, e)[0], {f: g, **h}, {i, *j}
----
x += yield_(a, *b, k=c, **d)
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
    async for x in y: return [z async for z in x]
----
@deco.r(1)
def f[T: int, *U, **V](a=1, *, b):
    global c
    def g():
        nonlocal a
        yield from a
    return lambda x, /, *y, z=1: x
----
class A[T = int](B, metaclass=C):
    """doc"""
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
except* B as c:
    pass
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
    case _: pass
----
x = f"a{b!r:>{c}}d{e=}{f:%H:%M}" "g" rb"h"
----
t = t"a{b + 1!s:x}" t"{c}"
----
print([x for x in y if z if w], {k: v for k, v in d}, (i for i in j), {s for s in t})
----
x = a or b and not c | d ^ e & f << 1 >> 2 + -3 * ~4 // 5 % 6 @ m
----
f(x for x in y)(a, b=1)[::2, 1:].c = 0x1f + 1_000.5e-3j
----
def f(): return 1; pass
x = [1,
     2]; y = 3
----
lambda *, a, **k: (yield)
----
if True: x = {1: 2, 3: [4, (5,)]}
'''
INTRUDERS = ['=', '(', ')', ',', ':', 'x', '1', '"s"', '*', 'if', 'in', '.', 'None', ':=']
TOKEN = re.compile(r'''[ ]*(?:\n[ ]*|"""[^"]*"""|[frbt]*"[^"]*"|[\d_.]+\w*(?:-\dj)?|\w+|\*\*=?|//=?|->|:=|<<|>>|[-+<>=!]=|[^\w\s])''')


def verdict(source):
    try:
        compile(source, '<text>', 'exec', dont_inherit=True)
    except SyntaxError as e:
        end = '' if (e.end_lineno, e.end_offset) == (None, None) else f'-{e.end_lineno}:{e.end_offset}'
        kind = '' if type(e) is SyntaxError else type(e).__name__ + ' '
        lines = source.split('\n')
        line = lines[e.lineno - 1] if e.lineno and e.lineno <= len(lines) else ''
        shown = '' if e.text == line + '\n' else ' ~' if e.text == line else f' {e.text!r}'
        return f'{e.lineno}:{e.offset}{end} {kind}{e.msg}{shown}'
    return '.'


def mutants(tokens):
    for i, token in enumerate(tokens):
        before, after = ''.join(tokens[:i]), ''.join(tokens[i + 1:])
        yield before + after
        yield before + token + (' ' if token[-1].isalnum() else '') + token.lstrip(' ') + after
        for k in range(2):
            yield before + ' ' + INTRUDERS[(i * 3 + k * 5 + len(tokens)) % len(INTRUDERS)] + ' ' * (not token.startswith(' ')) + token + after


warnings.simplefilter('ignore')
count = 0
for number, snippet in enumerate(SNIPPETS.strip('\n').split('\n----\n')):
    tokens = TOKEN.findall(snippet)
    assert ''.join(tokens) == snippet, snippet
    last = None
    for mutant in mutants(tokens):
        count += 1
        said = verdict(mutant)
        print(number, said)
print(count, 'programs')
