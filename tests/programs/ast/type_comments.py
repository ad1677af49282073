import ast
def show(source, **more):
    try:
        tree = ast.parse(source, type_comments=True, **more)
    except SyntaxError as e:
        print(repr(source), type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, repr(e.text))
    else:
        print(repr(source), ast.dump(tree, include_attributes=False))

for source in [
    "x = 1  # type: int\n", "x = y = (1)  # type:int", "x = 1; y = 2  # type: a, b  # more\n", "x = [  # type: ignore\n]  # type: list[int]\n",
    "for a in b:  # type: int\n    pass\n", "for a in b: # type: int\n    pass\nelse:\n    x = 1 # type: str\n",
    "async def f():\n    async for a in b:  # type: int\n        async with a as b:  # type: str\n            pass\n",
    "with a as b:  # type: int\n    pass\n", "with (a as b, c):  # type: int\n    pass\n", "with a, b as c:  # type: (int, str)\n    pass\n",
    "def f():  # type: () -> None\n    pass\n", "def f():\n    # type: () -> None\n    pass\n", "def f() -> int:  # type: () -> int\n    return 1\n",
    "def f():  # type: () -> int\n    # type: () -> str\n    pass\n",
    "def f(a,  # type: int\n      b=1,  # type: str\n      *c,  # type: float\n      d,  # type: x\n      **e  # type: y\n):\n    pass\n",
    "def f(a, /, b,  # type: int\n  c  # type: str\n  ): pass\n", "def f(a, /,  # type: int\n  b): pass\n", "def f(*,  # type: int\n  a): pass\n",
    "def f(a=lambda x: 1,  # type: z\n  b=2): pass\n", "class A:\n    x = None  # type: A\n    def f(self):\n        # type: () -> A\n        '''doc'''\n",
    "x = 1  # type: ignore\ny = 2  # type: ignore[attr]\n# type: ignore\nz = 3 # type: ignore@later\n", "x = 1  # type: ignored\n", "x = 1  # type: ignoré\n",
    "# type: int\n", "x  # type: int\n", "x += 1  # type: int\n", "x: int = 1  # type: int\n", "if a:  # type: int\n    pass\n",
    "while a:  # type: int\n    pass\n", "class A:  # type: int\n    pass\n", "return 1  # type: int\n", "def f():\n    # type: int\n    # type: str\n    pass\n",
    "x = 1\n# type: int\n", "try:  # type: int\n    pass\nfinally:\n    pass\n", "f(a,  # type: int\n  b)\n", "x = f(a,  # type: ignore\n  b)\n", "[x for x in y  # type: int\n]\n",
    "#type:int\nx = 1\n", "x = 1  #  type:   int  \n", "x = 1  # Type: int\n", "x = 1  # type : int\n", "x = '# type: int'\n", "x = f'{y}'  # type: str\n",
    "x = 1 \\\n  # type: int\n", "def f(): pass  # type: () -> int\n", "@d\ndef f():  # type: () -> int\n    @e\n    def g(): # type: (x) -> y\n        pass\n", "x = yield  # type: int\n", "lambda a, # type: int\n b: 1\n",
    "", "# type: ignore\n", "    # type: ignore\nx = 1\n", "if a:\n    # type: ignore\n    pass\n    # type: ignore[b]\n", "x = (1 # type: ignore\n  )",
]:
    show(source)
for source in ["x = 1  # type: int\n", "if a:\n    x = 1 # type: int\n", "x # type: ignore\n"]:
    show(source, mode='single')
for source in ["x  # type: ignore\n", "x  # type: int\n"]:
    show(source, mode='eval')
for source in ["() -> int", "(int, str) -> x.y", "(int, *str, **Any) -> float", "(*a) -> b", "(**b) -> c", "(a, **b) -> c", "(a, *b) -> c\n\n", "() -> List[int] # comment\n",
               "(int) -> ", "int -> int", "(int) -> int -> int", "(*int, *str) -> a", "(**a, *b) -> c", "(a b) -> c", "(int,) -> c", "() -> (yield)", "(a=1) -> b", "(a := 1) -> b", "() -> *a", "(x for x in y) -> z", "(lambda: 1) -> lambda: 2", "(a if b else c, d[e]) -> f | g"]:
    try:
        print(repr(source), ast.dump(ast.parse(source, mode='func_type')))
    except SyntaxError as e:
        print(repr(source), type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, repr(e.text))
print(ast.unparse(ast.parse("def f(a, # type: int\n  b): # type: (...) -> int\n    x = 1 # type: int\n    for a in b: # type: c\n        with d: # type: e\n            pass # type: ignore[x]\n", type_comments=True)))
print(eval(compile(ast.parse("1 + 1  # type: ignore", mode='eval', type_comments=True), 'f', 'eval')))
