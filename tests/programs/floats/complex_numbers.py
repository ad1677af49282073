# complex(): every kind of argument; arithmetic; numbers compared


def show(text):
    try:
        print(text, "->", repr(eval(text)))
    except BaseException as error:
        print(text, "->", type(error).__name__, error)


class I(int):
    pass


class F(float):
    pass


class C(complex):
    pass


class T:
    def __trunc__(self):
        return 3


class X:
    def __int__(self):
        return 7


class Y:
    def __index__(self):
        return 16


class Z:
    def __complex__(self):
        return 1 + 2j


class W:
    def __float__(self):
        return 1.5


for text in [
    "complex()",
    "complex(1,2)",
    "complex('1+2j')",
    "complex('1+2')",
    "complex('x')",
    "complex('1','2')",
    "complex(1,'2')",
    "complex('1',2)",
    "complex(real=1,imag=2)",
    "complex(None)",
    "complex(1,None)",
    "complex([])",
    "complex(1,[])",
    "complex(Z())",
    "complex(Z(),1)",
    "complex(1,Z())",
    "complex(W())",
    "complex(W(),W())",
    "complex(Y())",
    "complex(10**400)",
    "complex(b'1')",
    "complex(C(1+2j))",
    "type(complex(C(1+2j)))",
    "complex('(1+2j)')",
    "complex('\\\\ud800')",
    "complex.from_number(3)",
    "complex.from_number('3')",
    "complex.from_number(Z())",
    "complex.from_number(W())",
    "type(C.from_number(3.0))",
    "(1+2j).conjugate()",
    "(1+2j).real",
    "(1+2j).__complex__()",
    "C(1+2j).__complex__()",
    "(1+2j).__getnewargs__()",
    "(1+2j).__format__('.2f')",
    "(1+2j)<1",
    "(1+2j)==1",
    "(1+0j)==1",
    "hash(1+0j)",
    "1j+1",
    "1-1j",
    "-0.0+1j",
    "complex(-0.0,1)+(-0.0)",
    "(1j).__add__('x')",
    "(1j)*float('inf')",
    "2*complex(1,float('inf'))",
    "1j/2",
    "2/1j",
    "1j**2",
    "2**1j",
    "(1j).__pow__(2,3)",
    "abs(3+4j)",
    "bool(0j)",
    "-(1+2j)",
    "+(1+2j)",
    "int(1j)",
    "float(1j)",
    "repr(C(1+2j))",
    "repr(1e16+0j)",
    "1j.real",
    "int('\\\\u00a012')",
    "1==1.0",
    "10**400==1e400",
    "10**20<1e20",
    "2**53+1==2.0**53",
    "1<float('nan')",
    "float('inf')>10**400",
    "1 < 'a'",
    "1.0 < 'a'",
    "(1).__lt__(1.0)",
    "(1.0).__lt__(1)",
    "(1.0).__lt__('a')",
    "hash(float('inf'))",
    "hash(-1)",
    "-0.0",
    "abs(-0.0)",
    "1.0.__neg__()",
    "0.0.__bool__()",
    "(2.0).__int__()",
    "(2.0).__float__()",
    "F(2.0).__float__()",
    "type(F(2.0).__float__())",
    "(2).__float__()",
    "(2).__index__()",
    "type(I(2).__int__())",
    "1 .__class__",
    "divmod(7.5,2)",
    "divmod(-7,2)",
    "pow(2,-1)",
    "pow(2,-1,5)",
    "pow(True,2)",
    "pow(2,10**30)",
    "pow(1,10**30)",
    "0**0",
    "1_000 .__format__(',')",
    "int(W())",
]:
    show(text)
