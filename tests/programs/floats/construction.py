# float(): every kind of argument; methods and their errors


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
    "float.__new__(F,'1.5')",
    "float('abc')",
    "float('')",
    "float(' 1.5 ')",
    "float('1_0.5')",
    "float(b'1.5')",
    "float(b'a')",
    "float(None)",
    "float([])",
    "float(1,2)",
    "float(x=1)",
    "float(10**400)",
    "float(Y())",
    "float(W())",
    "float(F(2))",
    "float('٣.٥')",
    "float('1e400')",
    "float('-infinity')",
    "float('nan')",
    "float('1\\\\0')",
    "float(1j)",
    "float.fromhex('0x1.8p3')",
    "float.fromhex('zz')",
    "float.fromhex('0x1p99999')",
    "float.fromhex(1)",
    "F.fromhex('1')",
    "type(F.fromhex('1'))",
    "(1.5).hex()",
    "float.from_number(3)",
    "float.from_number('3')",
    "float.from_number(Y())",
    "float.from_number(W())",
    "type(F.from_number(3.0))",
    "type(float.from_number(F(3.0)))",
    "(1.5).is_integer()",
    "(1.5).as_integer_ratio()",
    "float('inf').as_integer_ratio()",
    "float('nan').as_integer_ratio()",
    "(2.5).__round__()",
    "(2.675).__round__(2)",
    "(2.5).__round__('a')",
    "float('inf').__round__()",
    "float('nan').__round__()",
    "(1e308).__round__(-308)",
    "(1.7e308).__round__(-308)",
    "(2.5).__round__(None)",
    "round(2.5, 10**30)",
    "(2.5).__trunc__()",
    "(2.5).__floor__()",
    "(2.5).__ceil__()",
    "float('nan').__floor__()",
    "float('inf').__ceil__()",
    "(1.5).__getnewargs__()",
    "(1.5).__pow__(2)",
    "(1.5).__pow__(2,3)",
    "(1.5).__rpow__(2)",
    "(1.5).__divmod__(0)",
    "(1.5).real",
    "(1.5).imag",
    "(1.5).conjugate()",
    "F(1.5).conjugate()",
]:
    show(text)
