# Everything that the symbol table and the code generator reject, and what is near it.
import warnings

import comprehensions
import imports
import names
import patterns
import places
from judge import report, texts

warnings.simplefilter('ignore')
count = 0
for module in names, places, comprehensions, patterns, imports:
    print('#', module.__name__)
    for text in texts(module.TEXTS):
        count += 1
        report(text)

print('# other modes')
for mode, text in [
    ('eval', 'x = 1'), ('eval', 'x; y'), ('eval', 'x\ny'), ('eval', 'yield x'), ('eval', '(yield x)'), ('eval', 'await x'),
    ('eval', '*a'), ('eval', 'x := 1'), ('eval', '(x := 1'), ('eval', ''), ('eval', '\n'), ('eval', '# only'), ('eval', ' x'),
    ('eval', 'f(a=1, a=2)'), ('eval', '[x := 1 for x in y]'), ('eval', 'lambda a, a: 1'), ('eval', 'lambda: (yield)'),
    ('eval', 'pass'), ('eval', 'return 1'), ('eval', 'print x'), ('eval', '"a'), ('eval', 'f"{a"'), ('eval', '(a,\nb'),
    ('eval', '[a async for b in c]'), ('eval', '(__debug__ := 1)'), ('eval', 'a b'), ('eval', 'lambda __debug__: 1'),
    ('single', 'x = 1\ny = 2'), ('single', 'return'), ('single', 'break'), ('single', 'def f(a, a): pass'), ('single', ''),
    ('single', 'if x:\n  y\nz'), ('single', 'x; y z'), ('single', '__debug__ = 1\n'), ('single', 'nonlocal x\n'), ('single', '*a\n'),
    ('single', 'from __future__ import nothing\n'), ('single', 'class A: return\n'), ('single', 'yield\n'), ('single', 'x = 1\n\n  y'),
]:
    count += 1
    report(text, mode)

print('# deep')
for head, depth in ('while a:', 21), ('if a:', 99), ('if a:', 101), ('for a in b:', 21), ('with a:', 21), ('try:', 20), ('def f():', 100):
    body = ''.join(' ' * level + head + '\n' for level in range(depth)) + ' ' * depth + 'pass\n'
    if head == 'try:':
        body += ''.join(' ' * level + 'finally: a\n' for level in reversed(range(depth)))
    count += 1
    report(body)
for text in '(' * 201 + ')' * 201, '[' * 250, '{' * 201, '(' * 150 + '[' * 51, 'f(' * 201 + ')' * 201:
    count += 1
    report(text)

print('# bytes and encodings')
for text in (
    b'\xff', b'x = "\xe9"', b'# \xe9\nx', b'# coding: latin-1\nx = "\xe9" y', b'# coding: nothing\nx', b'#!x\n# coding: nothing\nx',
    b'\xef\xbb\xbfx y', b'\xef\xbb\xbf# coding: latin-1\nx', b'\xef\xbb\xbf# coding: utf-8\nx y', b'x = 1\ny = \x00 2', b'\x00', b'a\r\nb c\r\n',
    b'a\rb c\r', b'# coding: ascii\nx = "\xe9"', b'x = b"\xc3\xa9"', b'\xc3\xa9 \xc3\xa9', b'if a:\r\n\tb\r\n        c\r\n', b'a\x0cb c', b'# vim: fileencoding=foo\n',
):
    count += 1
    report(text)

print('# flags')
for text in 'await a', '[a async for b in c]', 'async with a: return', 'def f(): await a', 'class A: await a', 'lambda: await a', 'x: (await a)':
    count += 1
    report(text, flags=0x2000)
print(count, 'texts')
