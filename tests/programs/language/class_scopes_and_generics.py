# Comprehensions in annotation scopes do not see the class; attribute names in class patterns are not mangled.
for case in ["type Alias[T] = (T for _ in (1,))", "type Alias = (T for _ in (1,))", "type Alias[T] = [T for _ in (1,)]", "type Alias = [T for _ in (1,)]", "x: [T for _ in (1,)]", "def f(self, x: [T for _ in (1,)]): pass"]:
    ns = {}
    exec('T = "global"\nclass C:\n    T = "class"\n    ' + case, ns)
    C = ns['C']
    if hasattr(C, 'Alias'): print(case, list(C.Alias.__value__))
    else: print(case, C.__annotations__ or C.f.__annotations__)
class C:
    __attr = 'eggs'
    _Outer__attr = 'bacon'
class Outer:
    def f(self, x):
        match x:
            case C(__attr=y): return y
c = C(); setattr(c, '__attr', 'spam')
print(Outer().f(c))
