# tracebacks, contexts
import sys
def f(): raise ValueError("a")
def ctx(e): return [type(x).__name__ for x in (e, e.__context__, e.__cause__)], e.__suppress_context__
try:
    try: f()
    except ValueError: raise KeyError("b")
except KeyError as e: print(ctx(e))
try:
    try: f()
    finally: 1/0
except ZeroDivisionError as e: print(ctx(e))
try:
    try: f()
    except ValueError as v: raise TypeError from v
except TypeError as e: print(ctx(e))
try:
    try: f()
    except ValueError as v: raise TypeError from None
except TypeError as e: print(ctx(e))
def gen():
    try: yield 1
    except ValueError: 
        yield 2
        raise KeyError
try:
    g = gen(); next(g); g.throw(ValueError("in")); next(g)
except KeyError as e: print(ctx(e), e.__context__.__context__)
def gen2():
    print("exc in gen", sys.exception())
    yield 1
    print("exc in gen", sys.exception())
    yield 2
try: f()
except ValueError:
    g = gen2(); next(g)
    print(repr(sys.exception()))
next(g)
print(sys.exception(), sys.exc_info())
def gen3():
    try: f()
    except ValueError:
        print("A", repr(sys.exception()))
        yield 1
        print("B", repr(sys.exception()))
g = gen3(); next(g); print(sys.exception())
try: 1/0
except ZeroDivisionError:
    print(repr(sys.exception()))
    try: next(g)
    except StopIteration: print("SI", repr(sys.exception()))
    print(repr(sys.exception()))
# re-raise
def rr():
    try: f()
    except ValueError:
        try: raise
        except ValueError as e: 
            raise
try: rr()
except ValueError as e:
    tb = e.__traceback__; n = []
    while tb: n.append((tb.tb_frame.f_code.co_name, tb.tb_lineno)); tb = tb.tb_next
    print(n, e.__context__)
try: raise
except RuntimeError as e: print(e)
# same exc raised again
e1 = ValueError("once")
for i in range(2):
    try: raise e1
    except ValueError as e:
        tb = e.__traceback__; n = 0
        while tb: n += 1; tb = tb.tb_next
        print(n)
# context cycle
a = ValueError("a"); b = KeyError("b")
try:
    try: raise a
    except ValueError:
        try: raise b
        except KeyError: raise a
except ValueError as e: print(e.__context__, e.__context__.__context__)
for bad in ("raise 5", "raise ValueError from 5", "raise int", "raise None", "raise ValueError(1), 2"):
    try: exec(bad)
    except BaseException as e: print(type(e).__name__, e)
class E(Exception):
    def __init__(self): raise TypeError("in init")
try: raise E
except BaseException as e: print(repr(e), e.__context__)
try:
    try: raise OSError("x")
    except* OSError as eg: raise KeyError("q")
except* KeyError as e: print(repr(e), repr(e.exceptions[0].__context__))
# except with non exception
try:
    try: 1/0
    except 5: pass
except TypeError as e: print(e, repr(e.__context__))
try:
    try: 1/0
    except (ValueError, "a"): pass
except TypeError as e: print(e)
try:
    try: 1/0
    except* ExceptionGroup: pass
except TypeError as e: print(e)
e = ValueError("n"); e.add_note("note1"); e.add_note("note\n2"); print(e.__notes__)
try: e.add_note(5)
except TypeError as x: print(x)
try: e.with_traceback(5)
except TypeError as x: print(x)
def fin():
    try: return 1
    finally: print("fin")
print(fin())
def loop():
    for i in range(3):
        try: continue
        finally: print(i)
loop()
def nested():
    try:
        try: 1/0
        finally: print("f1")
    except ZeroDivisionError: print("caught", sys.exception() is not None)
    print(sys.exception())
nested()
try: assert False, "msg"
except AssertionError as e: print(repr(e))
try: assert (0)
except AssertionError as e: print(repr(e))
print(e if 'e' in globals() else "unbound e")
try: x = int("q")
except (ValueError, TypeError) as err: pass
try: err
except NameError as n: print(n)
def de():
    try: 1/0
    except ZeroDivisionError as e: del e
    print("del ok")
de()
raise ExceptionGroup("outer", [ValueError(1), ExceptionGroup("inner", [TypeError("t"), KeyError("k")]), OSError(5, "x")])
