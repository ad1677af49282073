# A debugger's session: commands, functions defined at the prompt, breakpoints, jumps.
import io
import os
import pdb
import sys
import warnings

warnings.simplefilter("ignore")
def session(cmds, f):
    out=io.StringIO()
    p=pdb.Pdb(stdin=io.StringIO('\n'.join(cmds)+'\n'), stdout=out, nosigint=True, readrc=False)
    p.use_rawinput=False
    try: p.runcall(f)
    except BaseException as e: out.write(repr(e))
    print(out.getvalue().replace(os.path.abspath(session.__code__.co_filename), 'FILE'))
    print('=====')
g=3
def test():
    x = 2
    k = 0
    y = [x*i for i in range(3)]
    return y
session(['n','n','def f():','  return x','','f()','x = 7; x','f2 = lambda: x','f2()', '[x for _ in range(2)]','p y','n','p y','l','ll','a','whatis y','pp y','interact' if 0 else 'r','q'], test)
def loop():
    total = 0
    for i in range(3):
        total += i
        try:
            if i == 1: raise ValueError(i)
        except ValueError:
            total += 100
    print(total, file=sys.stderr) if 0 else None
    return total
session(['b 27','c','p i','c','p i, total','cl 1','y','until','display total','n','n','j 28','n','!total=5','c'], loop)
session(['unt 31','p total','tbreak 33','c','p total','s','s','s','u','d','exceptions','p nope','h','h next','c'], loop)


def skipped():
    x = 0
    for i in range(3):
        x += i
    for i in range(10):
        never
    x = 5
    y = 6
    return x


session(['n', 'n', 'j 44', 'n', 'p x', 'c'], skipped)
