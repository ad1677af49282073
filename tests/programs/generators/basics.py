def count(n):
    print("start")
    for i in range(n):
        got = yield i
        if got:
            print("got", got)
    return "result"


g = count(3)
print(type(g).__name__, g.__name__, iter(g) is g)
print(next(g), g.send("hello"), next(g))
try:
    next(g)
except StopIteration as stop:
    print("stop", stop.value)
print(list(count(2)), next(g, "exhausted"))


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


f = fib()
print([next(f) for _ in range(10)], [x for x, _ in zip(fib(), range(5))])


def sub():
    try:
        r = yield "s1"
        print("sub got", r)
        yield "s2"
    except KeyError as e:
        print("sub caught", e)
        yield "handled"
    return "sub result"


def main():
    value = yield from sub()
    print("value", value)
    rest = yield from [10, 20]
    print("rest", rest)
    return "main done"


m = main()
print(next(m), m.send("S"), next(m), next(m))
m = main()
print(next(m), m.throw(KeyError("k")), next(m))


def cleanup():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        print("exit")
        raise
    finally:
        print("finally")


c = cleanup()
next(c)
c.close()
print(list(c), c.close())
c = cleanup()
next(c)
try:
    c.throw(ValueError("thrown"))
except ValueError as error:
    print("out:", error)


def stubborn():
    for _ in range(2):
        try:
            yield "no"
        except GeneratorExit:
            pass


s = stubborn()
next(s)
try:
    s.close()
except RuntimeError as error:
    print(error)
print(s.close())


def stops():
    yield 1
    raise StopIteration("inside")


try:
    list(stops())
except RuntimeError as error:
    print(error, repr(error.__cause__))


def reenter():
    yield next(me)


me = reenter()
try:
    next(me)
except ValueError as error:
    print(error)
g = count(1)
for bad in (lambda: g.send(5), lambda: g.throw(5), lambda: g.send(), lambda: next(5), lambda: g.throw(ValueError)):
    try:
        bad()
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
print(sum(x * x for x in range(5)), list((a, b) for a in range(2) for b in "xy"), max(len(w) for w in ["a", "bbb"]), any(x > 2 for x in fib()))
