def none(): pass
def one(a): pass
def two(a, b): pass
def three(a, b, c): pass
def default(a, b=1): pass
def many(a, b=1, c=2): pass
def kwonly(*, k): pass
def kwonly2(*, k, m): pass
def mixed(a, *, k): pass
def posonly(a, b, /): pass
def posdef(a, b=1, /, c=2): pass
def star(*args): pass
def kw(**kw): pass


class C:
    def __init__(self, x): pass
    def method(self, y): pass
    def nothing(): pass
    @classmethod
    def cm(cls, a): pass
    @staticmethod
    def sm(a): pass


class Empty: pass


class WithNew:
    def __new__(cls, a): return super().__new__(cls)


c = C(1)
for call in """none(1) none(1,2) none(x=1) one() one(1,2) one(b=1) one(1,a=2) one(1,b=2) two() two(1) two(b=1) two(1,2,3) two(1,2,c=3) three() three(1) three(1,2) three(b=1)
default() default(1,2,3) default(b=1) default(1,2,b=3) many() many(1,2,3,4) many(1,z=1) kwonly() kwonly(1) kwonly(1,k=2) kwonly(k=1,m=2) kwonly2() kwonly2(k=1) mixed() mixed(1) mixed(1,2) mixed(1,2,k=3) mixed(k=1)
posonly() posonly(1) posonly(1,b=2) posonly(a=1,b=2) posdef() posdef(a=1) posdef(1,2,3,4) posdef(1,b=2) star(a=1) kw(1) kw(1,2,x=1) C() C(1,2) C(y=1) c.method() c.method(1,2) c.method(z=1) c.nothing() C.method() C.method(1) C.cm() C.cm(1,2) C.sm() c.sm(1,2)
Empty(1) Empty(x=1) WithNew() WithNew(1,2) none(*5) none(**5) none(*None) none(**{1:2}) one(**{'a':1},**{'a':2}) one(*[1],**{'a':2}) one(a=1,**{'a':2}) none(*[1,2,3]) (lambda:0)(1) (lambda_x:=lambda\tx:x)() c() none()()
len(1,2,3) [].append() [].append(1,2) "a".join() "a".join([],[]) {}.get() int("1",2,3) str(1,2,3,4) abs() abs(1,2) isinstance(1) sorted() print(1,foo=2) "a".split(1,2,3) [].sort(1) [].sort(foo=1) dict(1,2) list(1,2) range(1,2,3,4) open() type(1,2,3,4) object.__init__() int.bit_length() str.upper() str.upper(5) list.append([]) dict.get(5,1)""".split():
    try:
        print(call, eval(call.replace("\t", " ")))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
