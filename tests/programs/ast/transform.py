# Trees that are changed and compiled.
import ast
import sys
import traceback


class Swap(ast.NodeTransformer):
    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.Add):
            return ast.copy_location(ast.BinOp(node.right, ast.Mult(), node.left), node)
        return node

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            return ast.copy_location(ast.Constant(node.value.upper()), node)
        return node


tree = Swap().visit(ast.parse("x = 3 + 4\nprint(x, 'text', f'{x + 1!r:>5} in', x - 1)"))
exec(compile(ast.fix_missing_locations(tree), "<swap>", "exec"))

SOURCE = '''
"""doc"""
from __future__ import annotations
import contextlib, sys as system
from os import path
def same(f): return f
@same
def decorated(a, b=2, /, *c, d: int = 3, **e) -> "r":
    """inner"""
    global G
    G = (a, b, c, d, e)
    def inner():
        nonlocal a
        a += 1
        return a
    return [inner() for _ in range(2)], {k: v for k, v in e.items()}, (lambda q=5: q)()
class C[T](dict, metaclass=type):
    x: int = 1
    __hidden = 4
    def m(self):
        return super().__len__(), __class__.__name__, self.__hidden
async def co():
    async with A() as a:
        return [i async for i in a]
def gen():
    y = yield 1
    yield from [y, 2]
def choose(x):
    match x:
        case [1, *rest, -2]: return "list", rest
        case {"k": v, **more}: return v, more
        case int(real=r) | float(real=r): return r
        case "a" | None as z: return z
        case _: return "?"
print(decorated(1, k=2), G, decorated.__doc__)
print(C().m(), C.__type_params__, __annotations__ if "__annotations__" in globals() else None, C.__annotations__)
g = gen(); print(next(g), g.send(7), next(g))
print([choose(x) for x in ([1, 5, 6, -2], {"k": 1, "l": 2}, 3, 2.5, "a", None, ())])
try:
    try: raise ValueError(1)
    except* ValueError as group: print(group.exceptions)
    finally: print("done")
    assert 1 < 2 <= 2 != 3 and not (path is None), "no"
    while True:
        if (n := 3) > 2: break
    else: print("never")
    for i, (j, *k) in enumerate([(1, 2, 3)]): print(i, j, k)
    with contextlib.nullcontext(5) as f, contextlib.nullcontext(): print(f)
    print(t"a{n!r:>{n}}b".interpolations[0].expression, "\\ud800\\ufffd" == "\\ud800\\ufffd", -5, 1e10, 2j, b"x", ...)
    print(f"{n=} {n:>{n}} {{}}", 10 ** 20, x := 1)
    del n
    print(n)
except NameError as error:
    print(error, error.__traceback__.tb_lineno)
'''

tree = ast.parse(SOURCE)
exec(compile(tree, "<tree>", "exec"), {"__name__": "made"})
exec(compile(ast.parse(ast.unparse(tree)), "<again>", "exec"), {"__name__": "made"})
assert ast.dump(ast.parse(ast.unparse(tree))) == ast.dump(ast.parse(SOURCE))

# Places of nodes are those of the code.
tree = ast.parse("def f(x):\n    return (x +\n            1 / x)\nf(0)")
try:
    exec(compile(tree, "<places>", "exec"))
except ZeroDivisionError as error:
    for frame in traceback.extract_tb(error.__traceback__)[1:]:
        print(frame.name, frame.lineno, frame.end_lineno, frame.colno, frame.end_colno)
code = compile(ast.increment_lineno(ast.parse("@d\ndef f(): pass"), 10), "<lines>", "exec")
print([constant.co_firstlineno for constant in code.co_consts if hasattr(constant, "co_code")])

print(eval(compile(ast.Expression(ast.Constant((1, (2.5, "a"), None, ...), lineno=1, col_offset=0)), "", "eval")))
print(eval(compile(ast.fix_missing_locations(ast.Expression(ast.Constant(-7))), "", "eval")))
print(eval(compile(ast.fix_missing_locations(ast.Expression(ast.Constant(frozenset({1})))), "", "eval")))
exec(compile(ast.Interactive([ast.parse("1 + 1").body[0]]), "<shell>", "single"))
for source in ["return 1", "def f():\n  x = 1\n  global x", "break", "yield", "[x := 1 for x in y]"]:
    try:
        compile(ast.parse(source), "<wrong>", "exec")
    except SyntaxError as error:
        print(error.msg, error.lineno, error.offset)
for text in ["[1, 2.5, {'a': (True, None)}, {3}, b'x', -1 + 2j]", "f(1)", "1 + 1", "set()"]:
    try:
        print(ast.literal_eval(text))
    except ValueError as error:
        print(str(error).split(":")[0])
print(ast.dump(ast.parse("if __debug__: x = '%s %5r' % (a, b)", optimize=1)))
print(ast.get_docstring(ast.parse(SOURCE)), ast.get_source_segment(SOURCE, ast.parse(SOURCE).body[1]))
