import sys


def show(f):
    try:
        f()
    except Exception as error:
        sys.excepthook(type(error), error, error.__traceback__)


class A:
    x = None


def binary():
    a, b = 1, "x"
    return (a + 1) * 2 + a + b


def attribute():
    obj = A()
    return obj.x.y.z


def subscript():
    d = {"a": {"b": []}}
    return d["a"]["b"][0]["c"]


def call():
    return max(len("abc"), int("zz"), key=None)


def multiline():
    return (
        1 +
        2 +
        None
    )


def statement():
    raise ValueError("whole line")


def deep():
    return [1 / n for n in (1, 0)]


def lam():
    return (lambda v: v.missing)(5)


def unpack():
    a, b = [1, 2, 3]


def compare():
    return 1 < "a"


def unary():
    return -"a"


def delete():
    del {}["k"]


def store():
    x = (1, 2)
    x[0] = 5


def augmented():
    total = 0
    total += "x"


def fstring():
    return f"{1 / 0:.2f} text"


def imported():
    import no_such_module_here


def asserted():
    assert 1 == 2, "math is broken"


def unicode():
    é = "日本"; return é + 1


def loop():
    for i in 5: pass


def context():
    with 5 as x:
        pass


for f in (binary, attribute, subscript, call, multiline, statement, deep, lam, unpack, compare, unary, delete, store, augmented, fstring, imported, asserted, unicode, loop, context):
    show(f)
