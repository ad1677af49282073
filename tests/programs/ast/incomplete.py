# Text that is not whole yet: codeop, code, flags of compile.
import ast
import code
import codeop

for text in ["", "# c", "x", "x = ", "if 1:", "if 1:\n  x", "if 1:\n  x\n", "(", "'''a", "'a", "def f():\n", "a b", "1 +", "@d",
             "class A:\n  def f(self):\n    pass\n", "try:\n  x\n", "x \\", "for i in 1:", "lambda:", "return 1", "if 1: x", "else"]:
    try:
        print(repr(text), codeop.compile_command(text) is not None)
    except SyntaxError as error:
        print(repr(text), type(error).__name__, error)
for text, mode in [("if 1:\n  x", "single"), ("(", "exec"), ("x = 1", "exec"), ("a +", "eval")]:
    for flags in (0x200, 0x4000, 0x4200):
        try:
            compile(text, "?", mode, flags)
            print(repr(text), mode, hex(flags), "fine")
        except SyntaxError as error:
            print(repr(text), mode, hex(flags), type(error).__name__, error.msg)

shell = code.InteractiveInterpreter({"x": 3})
print(shell.runsource("x + 1"), shell.runsource("if x:"), shell.runsource("if x:\n  print(x)\n\n"))
print(shell.runsource("y = x * 2"), shell.locals["y"])
compiler = codeop.CommandCompiler()
compiler("from __future__ import annotations")
made = {}
exec(compiler("def f(a: undefined): pass\n\n"), made)
print(made["f"].__annotations__)

for flags in (0x1000000, 0):
    space = {}
    exec(compile("def f(a: b): pass", "?", "exec", flags), space)
    try:
        print(space["f"].__annotations__)
    except NameError as error:
        print(error)
for arguments in [("x", "?", "bad"), ("x", "?", "func_type"), ("x", "?", "exec", 1 << 30), ("x", "?", "exec", 0, 0, 5),
                  ("x", "?", "bad", ast.PyCF_ONLY_AST), (3, "?", "exec"), ("x", 3, "exec"), ("x", "?", 3)]:
    try:
        compile(*arguments)
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)


class Path:
    def __fspath__(self):
        return "made/up"


print(compile("x", Path(), "exec").co_filename, compile(b"x", b"by/tes", "eval").co_filename)
print(compile("assert 0", "?", "exec", optimize=1).co_names, exec(compile("assert 0", "?", "exec", optimize=1)))
