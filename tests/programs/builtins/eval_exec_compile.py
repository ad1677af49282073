ns = {}
exec("x = 1\ndef f(n):\n    return n + x\n", ns)
print(ns["f"](5), ns["x"], sorted(k for k in ns if k != "__builtins__"), "__builtins__" in ns)
exec("x += 10", ns)
print(ns["f"](0), eval("f(1) * 2", ns), eval("a + b", {"a": 1, "b": 2}), eval(" 3 "), eval("(\n1 +\n2)"))


def scope():
    local = 5
    exec("local = 99; fresh = 1")
    return local, eval("local + 1"), "fresh" in locals()


print(scope())
code = compile("y = 2 ** 10\nprint('in code', y)", "generated.py", "exec")
exec(code)
print(y, code.co_filename, code.co_name, eval(compile("[i for i in range(3)]", "<e>", "eval")))
try:
    exec(compile("def g():\n    raise ValueError('inside')\n\ng()", "generated.py", "exec"))
except ValueError as error:
    tb = error.__traceback__
    while tb:
        print(tb.tb_frame.f_code.co_filename, tb.tb_frame.f_code.co_name, tb.tb_lineno)
        tb = tb.tb_next


class Names(dict):
    def __missing__(self, key):
        return f"<{key}>"


print(eval("foo + bar", {}, Names()), eval("len('abc')"))
try:
    eval("len('abc')", {"__builtins__": {}})
except NameError as error:
    print(error)
for bad in ("1 +", "x = 1", "import sys", "", "def f(): pass", "a b"):
    try:
        eval(bad)
    except SyntaxError as error:
        print(repr(bad), error.msg, error.lineno, error.offset)
for bad in ("if True:\npass", "  x = 1\n y = 2", "return 5", "break", "x = (1,", "'abc", "f(a=1, 2)", "1 = x", "def f(a, a): pass", "nonlocal x", "yield 1"):
    try:
        exec(bad)
    except SyntaxError as error:
        print(repr(bad), type(error).__name__, error.msg, error.lineno, error.offset)
print(exec("z = 1; w = z + 1", {}, d := {}), d)

