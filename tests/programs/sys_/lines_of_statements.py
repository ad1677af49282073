# Which lines tracing and co_lines() tell of statements over several lines, and of what returns at the end of a body.
def show(f):
    c=getattr(f,'__code__',f)
    print(c.co_name,[l-c.co_firstlineno if l else l for *_,l in c.co_lines()])
def no_code1():
    "doc string"
def no_code2():
    a: int
def call():
    (
        print()
    )
def return_genexp():
    return (1
            for
            x
            in
            y)
genexp_code = return_genexp.__code__.co_consts[0]
async def test(aseq):
    async for i in aseq:
        body
def load_attr():
    return (
        o.
        a
    )
def load_method():
    return (
        o.
        m(
            0
        )
    )
def store_attr():
    (
        o.
        a
    ) = (
        v
    )
def aug_store_attr():
    (
        o.
        a
    ) += (
        v
    )
TRUE=True
def if1(x):
    x()
    if TRUE:
        pass
def if2(x):
    x()
    if TRUE:
        pass
    else:
        pass
def if3(x):
    x()
    if TRUE:
        pass
    else:
        return None
def if4(x):
    x()
    if not TRUE:
        pass
import sys
class O: a=1; m=lambda s,x:1
o=O(); v=5; y=[1,2]
def run(f,*a):
    out=[]
    def t(fr,e,arg):
        if fr.f_code is f.__code__ or fr.f_code in f.__code__.co_consts: out.append((e[0], fr.f_lineno-f.__code__.co_firstlineno))
        return t
    sys.settrace(t); f(*a); sys.settrace(None)
    print(f.__name__, out)
import io
so=sys.stdout
run(no_code1); run(no_code2)
def call2():
    (
        len([])
    )
run(call2)
run(load_attr);run(load_method);run(store_attr);run(aug_store_attr)
for f in if1,if2,if3,if4: run(f,lambda:0)
def gen(): return list(return_genexp())
for f in (no_code1, no_code2, call, load_attr, load_method, store_attr, aug_store_attr, if1, if2, if4): show(f)
