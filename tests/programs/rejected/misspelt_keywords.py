# Misspelt keywords: what traceback says about them, and what it is told by the parser (_metadata).
import traceback
def show(src):
    try: compile(src,'f.py','exec')
    except SyntaxError as e:
        print(e._metadata, e.args)
        print("".join(traceback.format_exception_only(e)))
for s in ["x=1\nif x:\n    y = 2\nwhille True:\n    pass\n", "x=1\nif x:\n    y = 2\nelif x:\n    z=1\nx=3\nwhille True:\n    pass\n", "def f():\n    if x:\n        y = 2\n    fro x in y:\n        pass\n",
 "def f():\n    for a in b:\n        y = 2\n    fro x in y:\n        pass\n", "[ x for x in range(3) of x ]", "a whille b", "x = (a nad b)", "foo(bar fro baz in x)\n", "if True:\n    pass\nimprt os\n", "class A:\n    df f(self): pass\n", "x = 1\nclas B: pass",
 "from x imprt y", "fn f(): pass", "retrun 5", "def f():\n    retrun 5\n", "for x im y: pass", "print('a' fi x else 'b')", "Tru x", "asert x", "lamda x: x", "x = lamda y: y", "wiht open('f') as g:\n    pass", "eslif x: pass", "if x:\n    pass\nesle:\n    pass", "if x:\n    pass\nelsif y:\n    pass\n","try:\n    pass\nexept E:\n    pass","try:\n    pass\nexpect E as e:\n    pass","@dec\ndef f(): pass\ndeff g(): pass", "a b", "if x:\n  y\n  z w\n","whille\tTrue: pass", "if x:\n\tfor a im b: pass\n"]:
    show(s)

for s in ["@dec\nclass A:\n  x\na b","async def f(): pass\na b","@dec\nasync def f():pass\na b",
          "class A:\n  @x\n  def f(self):\n   if 1:\n     pass\na b","with a: pass\na b","match x:\n case 1: pass\na b",
          "for x in y:pass\nelse:\n  while 1: pass\na b", "def f():\n pass\na b"]:
    show(s)
import _suggestions
for a in [((),'x'),(['a',1],'x'),(['abc'],'abd'),(['abc'],1),([],'x')]:
    try: print(_suggestions._generate_suggestions(*a))
    except Exception as e: print(type(e), e)
print(SyntaxError('x')._metadata)
compile("x = 1\nfor x in y:\n    pritn(x)\nelse:\n    retrun x\n", "<lesson>", "exec")
