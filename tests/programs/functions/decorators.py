import functools


def trace(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        result = f(*args, **kwargs)
        print(f"{f.__name__}{args}{kwargs or ''} -> {result}")
        return result
    return wrapper


def repeat(times):
    print("repeat", times)

    def decorate(f):
        print("decorate", f.__name__)

        def wrapper(*args):
            return [f(*args) for _ in range(times)]
        return wrapper
    return decorate


@trace
def add(a, b=1):
    "Adds."
    return a + b


@repeat(2)
@trace
def hello(name):
    return "hi " + name


add(1); add(1, b=5)
print(hello("Bob"), add.__name__, add.__doc__, add.__wrapped__(2, 3))


class Count:
    def __init__(self, f):
        self.f, self.calls = f, 0

    def __call__(self, *args):
        self.calls += 1
        return self.f(*args)


@Count
def square(x):
    return x * x


print(square(3), square(4), square.calls)


def register(registry):
    return lambda cls: registry.append(cls.__name__) or cls


names = []


@register(names)
class A:
    pass


@register(names)
class B(A):
    pass


print(names)


@(lambda f: lambda *a: ("wrapped", f(*a)))
def plain(x):
    return x


@[str][0]
def turned():
    pass


print(plain(1), turned.startswith("<function turned"))


@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(60), functools.reduce(lambda a, b: a * b, range(1, 6)), functools.partial(add.__wrapped__, 10)(5))
try:
    @undefined_decorator
    def nothing():
        pass
except NameError as error:
    print(error)
try:
    @5
    def nothing():
        pass
except TypeError as error:
    print(error)
