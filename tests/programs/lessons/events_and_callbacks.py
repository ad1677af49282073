class Event:
    def __init__(self):
        self.handlers = []

    def __iadd__(self, handler):
        self.handlers.append(handler)
        return self

    def __isub__(self, handler):
        self.handlers.remove(handler)
        return self

    def __call__(self, *args, **kw):
        return [h(*args, **kw) for h in list(self.handlers)]


class Button:
    def __init__(self, label):
        self.label = label
        self.clicked = Event()

    def click(self):
        return self.clicked(self)


log = []
b = Button("OK")
b.clicked += lambda button: f"lambda {button.label}"
b.clicked += log.append


def once(button):
    b.clicked -= once
    return "once"


b.clicked += once
print(b.click(), b.click(), len(log))


class Observable:
    def __init__(self, **values):
        self.__dict__.update(values)
        self.__dict__["watchers"] = {}

    def watch(self, name):
        def register(f):
            self.watchers.setdefault(name, []).append(f)
            return f
        return register

    def __setattr__(self, name, value):
        old = getattr(self, name, None)
        self.__dict__[name] = value
        for f in self.watchers.get(name, ()):
            f(old, value)


o = Observable(x=1)


@o.watch("x")
def changed(old, new):
    print("x:", old, "->", new)


o.x = 5
o.x += 1
o.y = 2


def pipeline(*steps):
    def run(value):
        for step in steps:
            value = step(value)
        return value
    return run


print(pipeline(str.strip, str.lower, lambda s: s.replace(" ", "-"), "<{}>".format)("  Hello World "))


def memoize(f):
    f.cache = {}

    def wrapper(*args):
        if args not in f.cache:
            f.cache[args] = f(*args)
        return f.cache[args]
    wrapper.cache = f.cache
    return wrapper


@memoize
def slow(n):
    return n if n < 2 else slow(n - 1) + slow(n - 2)


print(slow(80), len(slow.cache))


def curry(f, *args):
    return lambda *more: f(*args, *more)


print(curry(max, 5)(3, 9), curry(curry, pow, 2)(10)())


def retry(times):
    def decorate(f):
        def wrapper(*a):
            for i in range(times):
                try:
                    return f(*a)
                except ValueError as error:
                    print("retry", i, error)
            raise RuntimeError("gave up")
        return wrapper
    return decorate


attempts = iter([1, 2, 3])


@retry(3)
def flaky():
    n = next(attempts)
    if n < 3:
        raise ValueError(f"attempt {n}")
    return "ok"


print(flaky())
try:
    retry(1)(lambda: int("x"))()
except RuntimeError as error:
    print(error, repr(error.__context__))
