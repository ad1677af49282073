# What is the context of an exception that is thrown into a generator; hashes of aliases and unions whose members hash in Python.
def g(exc):
    try: yield
    finally: raise exc
e1,e2,e3=[Exception(i) for i in (1,2,3)]
try: raise e1
except Exception:
    a=g(e2); next(a)
    try: a.throw(e1)
    except Exception as n: print(repr(n), repr(n.__context__))
    b=g(e3); next(b)
    try: b.throw(e2)
    except Exception as n: print(repr(n), repr(n.__context__), repr(n.__context__.__context__))
def ch(e):
    r=[]
    while e and len(r)<6: r.append(repr(e)); e=e.__context__
    return r
e=[Exception(i) for i in range(5)]
try:
    raise e[1]
except Exception:
    try:
        raise e[2]
    except Exception:
        print(ch(e[2]))
    def f():
        try:
            raise e[2]
        finally:
            raise e[3]
    try: f()
    except Exception: print(ch(e[3]), ch(e[2]))
    def gen():
        try: yield
        finally: raise e[4]
    x=gen(); next(x)
    try: x.throw(e[3])
    except Exception: print(ch(e[4]), ch(e[3]))
def g():
    yield 1
def h():
    try: raise KeyError(1)
    except KeyError: yield 1
try: raise Exception(1)
except Exception:
    x=g(); next(x)
    v=ValueError("v")
    try: x.throw(v)
    except ValueError as e: print(repr(e.__context__))
    x=g()
    v=ValueError("v")
    try: x.throw(v)
    except ValueError as e: print(repr(e.__context__))
    x=h(); next(x)
    v=ValueError("v")
    try: x.throw(v)
    except ValueError as e: print(repr(e.__context__))
    async def c(): pass
    y=c()
    try: y.throw(ValueError("w"))
    except ValueError as e: print(repr(e.__context__))
    def d():
        yield from g()
    x=d(); next(x)
    try: x.throw(ValueError)
    except ValueError as e: print(repr(e.__context__))
from typing import *
T = TypeVar("T"); P = ParamSpec("P")
C1 = Callable[P, T]
C = Callable[[int, str], float]
a=list[C1][[int, str], float]; b=list[C]
x,y=a.__args__[0],C
F1=ForwardRef('V');F2=ForwardRef('V')
print(hash(F1)==hash(F2))
u=str|List[F1]; v=str|List[F2]
print(u==v,hash(u)==hash(v), hash(List[F1])==hash(List[F2]))
print(a == b, hash(a) == hash(b), (a | int) == (b | int), hash(a | int) == hash(b | int))
