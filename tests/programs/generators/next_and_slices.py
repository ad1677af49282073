def g(n):
    for i in range(n): yield i
    return "end"
it = g(2)
print(next(it), next(it, "d"), next(it, "d"), next(it, None))
it = g(1)
print(next(it))
try: next(it)
except StopIteration as e: print("stop", e.value, e.__traceback__.tb_lineno, e.__traceback__.tb_next)
try: next(it)
except StopIteration as e: print("stop", e.value)
def bad():
    yield 1
    1 / 0
b = bad(); print(next(b, 5))
try: next(b, 5)
except ZeroDivisionError as e: print(e, e.__traceback__.tb_lineno, e.__traceback__.tb_next.tb_lineno, e.__traceback__.tb_next.tb_frame.f_code.co_name)
print(next(b, 7))
def ps(src):
    it = iter(src)
    for a in it:
        b = next(it, None)
        if b is None: return
        yield a + b
print(list(ps(g(7))), [next(g(3), 9) for _ in range(3)], next(g(0), [1]))
def chain():
    x = yield from g(2)
    yield x
c = chain(); print(next(c), next(c), next(c), next(c, "over"))
def selfish():
    try: next(me)
    except ValueError as e: yield str(e)
me = selfish(); print(next(me))
def si():
    yield 1
    raise StopIteration(3)
s = si(); next(s)
try: next(s, 4)
except RuntimeError as e: print(repr(e), repr(e.__cause__))
class D:
    def __del__(self): print("del")
print(next(g(0), D()) is not None)
print(next(g(1), D()))
t = (1, 2, 3)
print(t[:1] + t[2:], t[:], t[5:], t[-2:], t[1:0], [1, 2, 3][:2], [1, 2][-9:9], () + t is t, t + (), (1,) + (2,), t[True:], t[:2] is t)
class TT(tuple): pass
print(TT((1, 2)) + (3,), type(TT((1, 2))[:]), (1,) + TT((2,)))
try: t + [1]
except TypeError as e: print(e)
x = 10 ** 50
for d in (1, 3, 7, 10 ** 9, 2 ** 31, 2 ** 32 - 1): print(x // d, x % d, -x // d, -x % d)
print(x + x, -x + -x, x - x, x + -x + 5, 2 ** 64 + (2 ** 64 - 1), 2 ** 96 - 1 + 2 ** 96 - 1)
