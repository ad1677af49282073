class P(property):
    "sub doc"
class A:
    def g(self): "gdoc"
    p=P(g); q=property(g,doc="explicit"); r=P(g,doc='x')
print(A.p.__doc__, A.q.__doc__, A.r.__doc__, A.__dict__['p'].__dict__, A.r.__dict__)
class S(property): __slots__=()
try: S(A.g)
except Exception as e: print(type(e),e)
try: print(S(None).__doc__, S(None, doc=None).__doc__)
except Exception as e: print(type(e),e)
class S(property):
    __slots__=('__doc__',)
print(S(A.g).__doc__)
q=property(A.g); print(q.getter(lambda s:1).__doc__, q.setter(lambda s,v:1).__doc__, property(A.g,doc='e').getter(A.g).__doc__)
def f(s): 'f doc'
print(property(A.g).getter(f).__doc__, property(A.g,doc='e').getter(f).__doc__, P(A.g,doc='e').getter(f).__doc__, P(A.g).getter(f).__doc__, P(A.g).setter(f).__doc__)
print(property.__set_name__, property().__name__ if hasattr(property(),'__name__') else 'none', property(f).__name__)
p=property(f); p.__name__='z'; print(p.__name__); del p.__name__; print(p.__name__)
for a in ((),(1,),(1,2,3)):
    try: p.__set_name__(*a)
    except TypeError as e: print(e)
class X:
    def __call__(self): pass
    @property
    def __name__(self): raise RuntimeError
try: property(X()).__name__
except Exception as e: print(type(e), e)
