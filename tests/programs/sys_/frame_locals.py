import sys
def f(a):
    x = 1
    p = sys._getframe().f_locals
    p['x'] = 2; p['new'] = 3
    print(x, p['new'], locals()['new'], type(p).__name__, list(p), len(p), 'x' in p, p.get('q', 9), p.pop('new'))
    def g():
        d = sys._getframe().f_locals
        d['x'] = 7
        return x
    print(g(), x)
    for e in ("del p['x']", "p['nope']", "p.update(1)", "p.pop('x')", "p.clear()"):
        try: exec(e)
        except Exception as ex: print(type(ex).__name__, ex)
    print(p == dict(p), p == {}, reversed(p)[-1], sorted(p | {'z': 1}))
    p |= {'x': 5}
    print(x, eval('x + a'))
    return sys._getframe()
fr = f(1)
print(fr.f_locals['x']); fr.clear(); print(fr.f_locals)
def gen():
    y = 1
    yield y
    print(y)
g = gen(); next(g)
try: g.gi_frame.clear()
except RuntimeError as e: print(e)
class M(type):
    def look(cls): return cls.__dict__.get('v')
class C(metaclass=M): v = 5
print(C.look(), C.__dict__ is not None)
C.w = 3; print('w' in C.__dict__)
code = f.__code__
for k, v in dict(co_name='z', co_filename='y', co_firstlineno=9, co_argcount=1).items():
    print(k, getattr(code.replace(**{k: v}), k))
