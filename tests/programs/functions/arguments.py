def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, kw


print(f(1, c=3), f(1, 5, 6, 7, c=0), f(c=1, a=0), f(*[1, 2, 3], **{"c": 9, "z": 1}), f(1, *(), c=2, **{}), f(*"ab", *[5], c=1, **{"x": 1}, **{"y": 2}))


def pos(a, b, /, c, *, d):
    return a, b, c, d


print(pos(1, 2, 3, d=4), pos(1, 2, c=3, d=4))


def kwonly(*, a=1, b):
    return a, b


def star(*args, **kwargs):
    return args, kwargs


print(kwonly(b=2), star(), star(1, x=2), star(*range(3), **{"a b": 1}))


def defaults(x, acc=[]):
    acc.append(x)
    return acc


print(defaults(1), defaults(2), defaults(3, []), defaults.__defaults__, kwonly.__kwdefaults__)


def posonly_kw(a, /, **kw):
    return a, kw


print(posonly_kw(1, a=2), (lambda *a, k=1, **kw: (a, k, kw))(1, 2, k=3, z=4), (lambda: None)(), (lambda x, /, y=2: x + y)(1))
i = 5


def early(arg=i):
    return arg


i = 6
print(early(), f.__name__, f.__code__.co_argcount, f.__code__.co_varnames, f.__code__.co_kwonlyargcount, pos.__code__.co_posonlyargcount)


def order(*args):
    return args


def say(x):
    print("eval", x, end=" ")
    return x


print(order(say(1), *[say(2)], say(3)), order(*[say("a")], **{}), star(say(1), k=say(2), *[say(3)], **{"z": say(4)}))
print(dict(a=1, b=2), print.__name__, max(*[1, 5, 2]), "{} {x}".format(*[1], **{"x": 2}), [*map(int, "123")])
f.attr = "attribute"
print(f.attr, f.__dict__, f.__doc__, f.__module__, f.__qualname__)
