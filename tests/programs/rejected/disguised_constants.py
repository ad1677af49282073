# Identifiers that NFKC makes constants of are a ValueError.
import ast
for b in (b"Tru\xe1\xb5\x89", b"Fal\xc5\xbfe", b"N\xc2\xbane"):
    s=b.decode()
    for f in (lambda: ast.parse(b, mode='eval'), lambda: eval(s), lambda: compile(s,'f','exec'), lambda: exec(f"x.{s}"), lambda: exec(f"def f({s}): pass"), lambda: exec(f"{s} = 1"), lambda: exec(f"f({s}=1)"), lambda: exec(f"import {s}"), lambda: exec(f"import a as {s}"),lambda: exec(f"global {s}"),lambda: exec(f"class {s}: pass"),lambda: exec(f"def {s}(): pass"), lambda: exec(f"try: pass\nexcept E as {s}: pass"), lambda:exec(f"match x:\n  case {s}: pass"), lambda: exec(f"type {s}=1"), lambda: exec(f"def f[{s}](): pass"), lambda: exec(f"from a import {s}"), lambda: exec(f"from a import b as {s}"), lambda: exec(f"def f():\n  nonlocal {s}"), lambda: exec(f"match x:\n  case A({s}=1): pass"), lambda: exec(f"match x:\n  case {{**{s}}}: pass"), lambda: exec(f"a.{s} = 1"),lambda: exec(f"import a.{s}"), lambda: exec(f"from a.{s} import b"), lambda: exec(f"{s}: int"), lambda: exec(f"lambda {s}: 1"), lambda: exec(f"({s} := 1)")):
        try: print(f())
        except Exception as e: print(type(e).__name__, e, getattr(e,'args'))
