# int(): every kind of argument; methods and their errors


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
    "int()",
    "int(x=1)",
    "int('a')",
    "int('12',3)",
    "int('z',36)",
    "int(1,2)",
    "int(base=10)",
    "int('1',base=1)",
    "int('1',37)",
    "int('1',-1)",
    "int('0x1f',0)",
    "int('010',0)",
    "int(b'12')",
    "int(bytearray(b'12'),16)",
    "int(b'zz')",
    "int('1_000')",
    "int('1__0')",
    "int('')",
    "int('é')",
    "int('٣')",
    "int('\\\\ud800')",
    "int('  12 \\\\u2003')",
    "int('12\\\\0')",
    "int(None)",
    "int([])",
    "int(1.5)",
    "int(float('nan'))",
    "int(float('inf'))",
    "int(1e300)",
    "int(T())",
    "int(X())",
    "int(Y())",
    "int('10',Y())",
    "int('10',None)",
    "int(1,2,3)",
    "int('1'*5000)",
    "int(' '+'1'*5000)",
    "str(10**5000)",
    "int('1'*5000,16)>0",
    "int('x'*300)",
    "int(1+2j)",
    "int(I(5))",
    "type(int(I(5)))",
    "(5).to_bytes()",
    "(500).to_bytes()",
    "(500).to_bytes(2)",
    "(500).to_bytes(2,'little')",
    "(500).to_bytes(2,'foo')",
    "(500).to_bytes(-1)",
    "(-5).to_bytes(2)",
    "(-5).to_bytes(2,signed=True)",
    "(500).to_bytes(length=2,byteorder='big')",
    "int.from_bytes(b'12')",
    "int.from_bytes([1,2,3])",
    "int.from_bytes('ab')",
    "int.from_bytes(b'12','x')",
    "int.from_bytes(5)",
    "I.from_bytes(b'12')",
    "type(I.from_bytes(b'12'))",
    "(5).__round__()",
    "(15).__round__(-1)",
    "(25).__round__(-1)",
    "round(12345678901234567890,-5)",
    "round(5,'x')",
    "round(5,None)",
    "(5).__getnewargs__()",
    "I(5).__getnewargs__()",
    "(5).__format__('x')",
    "(5).__format__(1)",
    "(5).is_integer()",
    "(5).as_integer_ratio()",
    "True.as_integer_ratio()",
    "True.real",
    "True.numerator",
    "True.conjugate()",
    "I(5).conjugate()",
    "True.bit_length()",
    "(-5).bit_length()",
    "(-5).bit_count()",
    "bool(1,2)",
    "bool(x=1)",
    "bool()",
    "(5).__add__('x')",
    "(5).__add__(1.0)",
    "(5).__pow__(2,3)",
    "(5).__rpow__(2)",
    "(5).__rpow__(2,3)",
    "(5).__divmod__(2)",
    "(5).__rdivmod__(2)",
    "True.__and__(1)",
    "True.__and__(False)",
    "True.__rand__(False)",
    "True.__xor__(1.0)",
    "int.__new__(bool)",
    "int.__new__(str)",
    "int.__new__(1)",
    "bool.__new__(int)",
    "bool.__new__(bool, 5)",
    "int.__new__(I, 5)",
]:
    show(text)
