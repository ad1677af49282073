# What the symbol table and the code generator reject: type, text, places.
def nested(head, count):
    return ''.join(' ' * depth + head + '\n' for depth in range(count)) + ' ' * count + 'pass\n'


programs = [
    'return 1', 'yield 1', 'break', 'continue', 'if x:\n    continue', 'class A:\n    return 5', 'class A:\n    yield', 'await x',
    'def f(a, b, a): pass', 'def f(a, *a): pass', 'def f(a, **a): pass', 'def f(*, a, a): pass', 'lambda a, a: 1', 'lambda *a, **a: 1',
    'def f(__debug__): pass', 'def f(*__debug__): pass', '__debug__ = 1', 'del __debug__', 'import __debug__', 'x.__debug__ = 1',
    'f(__debug__=1)', 'class __debug__: pass', 'for __debug__ in x: pass', 'with x as __debug__: pass', '(__debug__ := 1)',
    'def f():\n    x = 1\n    global x', 'def f():\n    print(x)\n    global x', 'def f(x):\n    global x', 'def f(x):\n    nonlocal x',
    'nonlocal x', 'def f():\n    nonlocal missing', 'def f():\n    global x\n    nonlocal x', 'def f():\n    x: int\n    global x',
    'def f():\n    global x\n    x: int = 1', 'def f():\n    from m import *', 'class A:\n    from m import *',
    'def f():\n    async with x: pass', 'def f():\n    async for x in y: pass', 'def f():\n    [x async for x in y]', 'def f():\n    await x',
    'async def f():\n    yield from x', 'async def f():\n    yield 1\n    return 2', '[(yield x) for x in y]', '{x: (yield) for x in y}',
    '[x := 1 for x in y]', '[y for x in (z := x)]', 'class A:\n    [y := 1 for x in z]', '[[x := 1 for y in z] for x in w]',
    '[0 for x in (lambda: (y := x))()]', '[0 for x in [(j := 1) for j in y]]', 'x: (yield)', 'x: (y := 1)', 'def f() -> (yield): pass',
    'type A = (yield)', 'type A[T: (yield)] = int', 'type A[T = (y := 1)] = int', 'def f[T, T](): pass', 'class A[T: await x]: pass',
    'def f[T]():\n    nonlocal T', 'class A[__classdict__]: pass', 'type A[T=int, U] = 1', 'a, *b, *c = x', '*a = x', '*a', 'print(*a, b for b in c)',
    'from __future__ import nothing', 'x = 1\nfrom __future__ import division', 'from __future__ import braces', 'f(a=1, a=2)',
    'class A(x=1, x=2): pass', 'match x:\n    case a: pass\n    case b: pass', 'match x:\n    case _: pass\n    case 1: pass',
    'match x:\n    case [a, a]: pass', 'match x:\n    case a | 1: pass', 'match x:\n    case [a] | [b]: pass', 'match x:\n    case [*a, *b]: pass',
    'match x:\n    case {1: a, 1: b}: pass', 'match x:\n    case {0: a, -0: b}: pass', 'match x:\n    case A(b=1, b=2): pass',
    'match x:\n    case f"a": pass', 'match x:\n    case {**a, **b}: pass', 'try:\n    pass\nexcept:\n    pass\nexcept A:\n    pass',
    'for x in y:\n    try:\n        pass\n    except* A:\n        break', 'def f():\n    try:\n        pass\n    except* A:\n        return 5',
    'def f():\n    try:\n        pass\n    except* A:\n        return g()', nested('while x:', 21), nested('while x:', 22), nested('with x:', 22),
    nested('for x in y:', 22), 'def f():\n yield\n' + ''.join(' ' + line + '\n' for line in nested('while x:', 21).splitlines()),
    'return "äöü"', 'x = "ä"; return "ö"', 'def f(ä, ä): pass',
]
for program in programs:
    try:
        compile(program, 'program.py', 'exec')
        print('accepted', repr(program[-40:]))
    except SyntaxError as error:
        print(repr(program[-40:]), type(error).__name__, error.msg, error.filename, error.text, error.lineno, error.offset, error.end_lineno, error.end_offset)
print(len(programs))
