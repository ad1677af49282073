# from __future__ import barry_as_FLUFL (PEP 401): inequality is <>.
import ast, __future__
FLAG = __future__.CO_FUTURE_BARRY_AS_BDFL
IMPORT = "from __future__ import barry_as_FLUFL"

def show(source, flags=0, mode="exec"):
    try:
        code = compile(source, "<flufl>", mode, flags, dont_inherit=True)
        print("fine", bool(code.co_flags & FLAG))
        exec(code)
    except SyntaxError as error:
        print(type(error).__name__, error.args)

show(IMPORT + "; print(2 <> 3, 2 <> 2)")
show(IMPORT + "\nprint(2 != 3)")
show("print(2 <> 3)")
show("print(2 <> 3)", FLAG)
show("print(2 != 3)", FLAG)
show("print(1 <> 2 <> 3 == 3, f'{1 <> 2}')", FLAG)
show("2 <> 3", FLAG, "eval")
show("2 != 3", FLAG, "eval")
show("2 <> 3; " + IMPORT)
show("from .__future__ import barry_as_FLUFL; 2 <> 3")
show("from __future__ import annotations as barry_as_FLUFL; 2 <> 3")
show("from __future__ import barry_as_FLUFL as x; print(2 <> 3)")
show("from __future__ import (annotations, barry_as_FLUFL); print(eval('2 <> 3'))")
show(IMPORT + "\nprint('<>' + \"!=\")  # != is a comment")
print(ast.dump(ast.parse(IMPORT + "; 2 <> 3")))
print(ast.dump(compile("2 <> 3", "f", "exec", FLAG | ast.PyCF_ONLY_AST)))
try:
    ast.parse(IMPORT + "; 2 != 3")
except SyntaxError as error:
    print(error.args)
