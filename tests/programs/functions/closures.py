def counter():
    count = 0

    def bump(by=1):
        nonlocal count
        count += by
        return count

    def peek():
        return count

    return bump, peek


bump, peek = counter()
bump(); bump(5)
print(peek(), bump.__closure__[0].cell_contents, bump.__code__.co_freevars)


def adders():
    return [lambda x: x + n for n in range(3)], [lambda x, n=n: x + n for n in range(3)]


late, early = adders()
print([f(10) for f in late], [f(10) for f in early])


def outer():
    x = "outer"

    def middle():
        nonlocal x
        x = "middle"

        def inner():
            nonlocal x
            x = "inner"
            return x

        return inner(), x

    return middle(), x


print(outer())
x = "global"


def shadows():
    global x, made
    x = "changed"
    made = "new global"

    class Inner:
        x = "class"
        y = x

        def get(self):
            return x

    return Inner.x, Inner.y, Inner().get()


print(shadows(), x, made)


def unbound():
    try:
        print(later)
    except UnboundLocalError as error:
        print(error)
    later = 1
    del later
    try:
        later
    except UnboundLocalError as error:
        print(error)


unbound()


def free():
    def use():
        return value

    try:
        use()
    except NameError as error:
        print(type(error).__name__, error)
    value = 1
    print(use())
    del value
    try:
        use()
    except NameError as error:
        print(error)


free()
try:
    undefined_name
except NameError as error:
    print(error, error.name)


def recursive(n):
    return 1 if n == 0 else n * recursive(n - 1)


def make_fib():
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)
    return fib


print(recursive(10), make_fib()(15), (lambda f: f(f, 5))(lambda f, n: n and n + f(f, n - 1)))


def params(a, b):
    def swap():
        nonlocal a, b
        a, b = b, a
    swap()
    return a, b


print(params(1, 2), [(lambda: i)() for i in range(3)], (lambda x: lambda y: x + y)(1)(2))


class Scope:
    name = "class"

    def method(self):
        return __class__.name, [n for n in (1,)]

    values = [name for _ in range(1)] if False else name


print(Scope().method(), Scope.values)
