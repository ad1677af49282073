x = "module"


class A:
    x = "class"
    y = x

    def f(self):
        return x

    g = lambda self: x
    h = [x for _ in range(1)]
    def inner():
        return x
    i = inner()


print(A.y, A().f(), A().g(), A.h, A.i)


def f():
    x = "function"

    class B:
        y = x
        x = "shadow"
        z = x

        def m(self):
            return x
    return B.y, B.z, B().m()


print(f())


def g():
    global x
    x = "set by g"

    def h():
        return x
    return h()


print(g(), x)


def counter():
    n = 0

    def up():
        nonlocal n
        n += 1
        return n

    def both():
        return up() + up()
    return both


print(counter()(), [i for i in range(3)], "i" in globals())


def late():
    return defined_later()


def defined_later():
    return "found"


print(late())


def loop_closures():
    fs = []
    for i in range(3):
        def fn():
            return i
        fs.append(fn)
    return [fn() for fn in fs]


print(loop_closures())
try:
    exec("def bad():\n  y = 1\n  global y\n")
except SyntaxError as error:
    print(error.msg)
try:
    exec("nonlocal z")
except SyntaxError as error:
    print(error.msg)


def locals_test(a, b=2):
    c = a + b
    d = [v for v in (1,)]
    return sorted(locals().items())


print(locals_test(1))
def del_and_rebind():
    v = 1
    def get(): return v
    first = get()
    del v
    try:
        get()
    except NameError as error:
        print(error)
    v = 2
    return first, get()


print(del_and_rebind())
try:
    raise ValueError("e")
except ValueError as e:
    pass
print("e" in globals())


def exec_scope():
    ns = {"k": 5}
    exec("k += 1\nresult = k * 2", ns)
    return ns["result"]


print(exec_scope(), eval("[x for x in range(3)]"), eval("(lambda q: q + n)(1)", {"n": 4}))
globals()["dynamic"] = "made"
print(dynamic, vars() is globals(), locals() is globals())


class Meta(type):
    def __getattr__(cls, name):
        return f"meta {name}"


class WithMeta(metaclass=Meta):
    print(sorted(k for k in locals() if not k.startswith("__")))
    attr = 1
    print(sorted(k for k in locals() if not k.startswith("__")))


print(WithMeta.anything, __name__)
