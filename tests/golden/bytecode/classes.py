class A: pass
@decorator
class B(A, metaclass=M, *bases, **kw):
    """Doc."""
    x = 1
    __y = x
    def m(self):
        super().m()
        self.a = self.__b = __class__
        return super(B, self).n, [super().m(i) for i in self.a]
    z = [x for q in x]
def f(v):
    class C:
        v = v
        w = v
        def g(self): return v
    return C
