def inner():
    x = yield 1
    print("inner got", x)
    raise ValueError("inner broke")


def outer():
    try:
        yield from inner()
    except ValueError as error:
        print("outer caught", error)
        yield "recovered"


o = outer()
print(next(o), o.send("hi"))
try:
    next(o)
except StopIteration as s:
    print("done", s.value)


class NoSend:
    def __iter__(self):
        return self

    def __next__(self):
        return 5


def delegate():
    yield from NoSend()


d = delegate()
next(d)
try:
    d.send(1)
except AttributeError as error:
    print(error)
d = delegate()
next(d)
try:
    d.throw(KeyError("thrown"))
except KeyError as error:
    print("passed through", error)


def not_iterable():
    yield from 5


try:
    list(not_iterable())
except TypeError as error:
    print(error)


def closing():
    try:
        yield from closed()
    finally:
        print("outer finally")


def closed():
    try:
        yield 1
    finally:
        print("inner finally")


c = closing()
next(c)
c.close()
c = closing()
next(c)
del c


def return_value():
    return (yield from (yield))


def source():
    yield "a"
    return "value"


r = return_value()
next(r)
print(r.send(source()))
try:
    next(r)
except StopIteration as s:
    print(s.value)


def gen_with_error():
    yield 1
    1 / 0


g = gen_with_error()
next(g)
try:
    next(g)
except ZeroDivisionError:
    print("closed?", list(g), g.gi_frame)
print(g.gi_running, g.gi_yieldfrom, gen_with_error().gi_code.co_name)


def uncaught():
    yield from gen_with_error()


list(uncaught())
