# Node classes: constructors, reprs, copies, fields.
import ast
import copy
import warnings


def show(make):
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = make()
        if isinstance(result, ast.AST):
            result = type(result).__name__, sorted(result.__dict__.items(), key=lambda item: item[0])
        print(result, [(w.category.__name__, str(w.message)) for w in caught])
    except Exception as error:
        print(type(error).__name__, error)


show(lambda: ast.BinOp(1, 2, 3, 4))
show(lambda: ast.Name(1, 2, 3))
show(lambda: ast.Pass(1, 2, 3))
show(lambda: ast.Name())
show(lambda: ast.Name("a", id="b"))
show(lambda: ast.Name("a", foo=1))
show(lambda: ast.FunctionDef("f"))
show(lambda: ast.AST(1))
show(lambda: ast.AST(a=1))
show(lambda: ast.arguments())
show(lambda: ast.Constant(value=1, kind=None, n=3))


class Partly(ast.AST):
    _fields = ("a", "b")
    _field_types = {"a": int}


show(lambda: Partly(1))


class WithAttributes(ast.AST):
    _fields = ("a", "b")
    _field_types = {"a": int, "b": list[int]}
    _attributes = ("q",)


show(lambda: WithAttributes(q=3))


class Wrong(ast.AST):
    _fields = 3


show(lambda: Wrong())

for node in [
    ast.parse("a + b * (c - d) + [1, 2, 3, 4][0]"),
    ast.parse("def f(a, b=1, *c, d=2, **e) -> int:\n  'doc'\n  return [1]\n").body[0],
    ast.parse("a.b.c.d.e").body[0],
    ast.List([1, 2]),
    ast.List(("a", 2, 3), lineno=3),
    ast.Tuple([[1]]),
]:
    print(repr(node))

node = ast.Name("a", lineno=2)
print(node.__reduce_ex__(4))
print(ast.dump(copy.deepcopy(ast.parse("f(x, *y, k=[1, 2])")), indent=2))
print(node.__replace__(id="b").id, copy.replace(node, ctx=ast.Store()).ctx)
show(lambda: node.__replace__("b"))
show(lambda: node.__replace__(foo="b"))
show(lambda: ast.BinOp.__new__(ast.BinOp).__replace__(left=1, op=2))
del node.id
show(lambda: node.__replace__(lineno=3))
show(lambda: node.id)
show(lambda: repr(node))

print(ast.stmt.__doc__)
print(ast.operator.__doc__, "|", ast.arguments.__doc__, "|", ast.Dict.__doc__)
for cls in [ast.FunctionDef, ast.Dict, ast.ImportFrom, ast.Constant, ast.arguments, ast.Pass]:
    print(cls, cls._fields, cls._attributes, cls._field_types, cls.__match_args__)
print(ast.FunctionDef.returns, ast.stmt.end_lineno, hasattr(ast.FunctionDef, "body"), ast.Load() is ast.Load())
print(ast.parse("a").body[0].value.ctx is ast.parse("b").body[0].value.ctx)
match ast.parse("1 + x", mode="eval").body:
    case ast.BinOp(ast.Constant(value), ast.Add(), ast.Name(name)):
        print(value, name)
ast.AST.note = 1
print(ast.Name.note)
del ast.AST.note
