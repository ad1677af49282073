# The compiler's symbol tables.
import _symtable
import symtable

for k, v in sorted(vars(_symtable).items()):
    if isinstance(v, int): print(k, v)
src='''
import os
x: int = 3
def f(a, b=1, *c, d: str = 2, **e) -> int:
    global g
    def inner():
        nonlocal a
        a = [i for i in b if (z := i)]
        return lambda q: q + c
    try: pass
    except E as exc: del exc
    return inner
class C[T: int = str](Base):
    __priv = 1
    y: T
    def m(self):
        return super().m(__class__)
    async def n(self): yield 1
type A[**P] = list[P]
def gen[U]():
    yield (j for j in range(3))
'''
def show(e, d=0):
    print(' '*d, e.name, e.type, e.lineno, e.nested, e.varnames, {k: (v & 0xfff, (v >> 12)) for k,v in e.symbols.items()})
    for c in e.children: show(c, d+2)
t=_symtable.symtable(src,'f','exec')
show(t)
for bad in ('def f(x):\n global x', 'x = ', 'nonlocal x'):
    try: _symtable.symtable(bad,'f','exec')
    except SyntaxError as e: print(e.msg, e.lineno, e.offset)
try: _symtable.symtable('a','f','foo')
except Exception as e: print(repr(e))
show(_symtable.symtable('a+b','f','eval'))
show(_symtable.symtable('a=[c for b in d]','f','single'))
table = symtable.symtable(src, '?', 'exec')
print(table, table.get_type(), table.has_children(), table.is_optimized())
f = table.lookup('f').get_namespace()
print(f, f.get_parameters(), f.get_locals(), f.get_globals(), f.get_nonlocals(), f.get_frees())
for symbol in f.get_symbols(): print(symbol, symbol.is_free(), symbol.is_parameter(), symbol.is_assigned(), symbol.is_referenced())

