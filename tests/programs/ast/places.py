# Trees with all places, of syntax where trees of other parsers differ.
import ast

SOURCES = [
    "if a:\n  b\nelif c:\n  d\nelif e:\n  f\nelse:\n  g",
    "@a\n@b.c(1)  # comment\n\ndef f(): pass\n@d\nclass C(B, m=1): x: int = 3\n@e\nasync def g(): await x",
    "f(x for x in y)(a, *b, c=1, **d)",
    "def f(a, /, b=1, *c: *T, d, e=2, **g) -> int: ...\nlambda a, b=2, *, c, d=3: a",
    "f'a{b!r:>{w}}c{{}}' 'd' f'{x = }{y=:5}{z=!s}{1:}'",
    "u'a' 'b'; b'a' b'c'; 'é' + f'é{x}é'; rf'\\d{x}'; '\\ud800'",
    "t'a{b + 1!r:>{w}}' t'{ (c) }'",
    "(a, b), [c, *d] = *e, f = g; del (a), [b], c.d, e[1:2, ::3]; x[*a]; x[a:b]",
    "with (a as b, c): pass\nwith (yield): pass\nasync def f():\n  async with a: pass\n  async for i in b: [j async for j in k if l]",
    "match x:\n  case [1, *_, -2, 3 + 4j, 'a']: pass\n  case {'k': v, **rest} | C(a, b=2) if g: pass\n  case None | True as z: pass\n"
    "  case a.b | _: pass",
    "try: a\nexcept* B as c: d\ntry: a\nexcept B, C: d\nelse: e\nfinally: f",
    "type A[T: int = str, *Ts = *x, **P] = B\ndef f[T](): pass\nclass C[T](D): pass",
    "from . import a\nfrom ..b.c import d as e, f\nimport g.h as i, j\nfrom k import *\nglobal x, y",
    "a = b = yield\nx: int\n(x): int = 1\na.b: c\nx += 1; x @= 2\nassert a, b\nraise a from b\nreturn",
    "a < b <= c != d is not e not in f and g or not h if i else (j := k)",
    "{**a, 'b': 1, 2: 3}, {1, *c}, [d for e in f for g in h if i if j], {k: l for m in n}, {o for p in q}",
    "1_000, 0xff, 1e5, 2j, 10**100, 123456789012345678901234567890, ..., None, True, -1, +~a",
    "while a:\n  break\nelse:\n  continue\nfor i, in b: pass",
    "é = 'ü'; ﬁ = é.ñ",
    "(a) + (b); ((a, b)); (a)(b)[(c)].d; f((x for x in y)); f(a=(1))",
]

for source in SOURCES:
    print(ast.dump(ast.parse(source), include_attributes=True))
try:
    ast.parse("  a + b", mode="eval")
except IndentationError as error:
    print(error)
print(ast.dump(ast.parse("a; b\n", mode="single"), include_attributes=True))
print(ast.dump(ast.parse("(int, *str, **Any) -> float", mode="func_type"), include_attributes=True))
for source in ["with a:\n  b;\nc", "if a: b;\nelif c: d ;\nelse: e;", "def f():\n  x; y;  # c\nclass A: pass;",
               "try: a;\nexcept B: c;\nfinally: d;", "for i in a: b;\nwhile x:\n  y ;\n", "match x:\n  case 1: y;\n"]:
    print(ast.dump(ast.parse(source), include_attributes=True))
