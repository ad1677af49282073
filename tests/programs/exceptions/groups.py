def run(group):
    try:
        raise group
    except* ValueError as eg:
        print("values", [str(e) for e in eg.exceptions], type(eg).__name__)
    except* (TypeError, KeyError) as eg:
        print("types", len(eg.exceptions), eg.message)
    else:
        print("else")
    finally:
        print("finally")


run(ExceptionGroup("g1", [ValueError("a"), TypeError("b"), ValueError("c")]))
run(ValueError("single"))
try:
    run(ExceptionGroup("g2", [OSError("os"), ValueError("v"), ExceptionGroup("inner", [KeyError("k"), OSError("deep")])]))
except ExceptionGroup as eg:
    print("left:", eg, eg.exceptions, eg.exceptions[1].exceptions)
eg = ExceptionGroup("top", [ValueError(1), ExceptionGroup("sub", [TypeError(2), ValueError(3)])])
print(eg.subgroup(ValueError), eg.split(TypeError), eg.subgroup(lambda e: isinstance(e, KeyError)), eg.derive([OSError()]), str(eg), repr(eg))
try:
    try:
        1 / 0
    except* ZeroDivisionError:
        raise KeyError("from handler")
except BaseException as e:
    print(type(e).__name__, e, getattr(e, "exceptions", None))
try:
    try:
        pass
    except* ValueError:
        print("never")
    else:
        print("no error")
finally:
    print("end")
try:
    try:
        raise ExceptionGroup("x", [ValueError()])
    except* ExceptionGroup:
        pass
except TypeError as e:
    print(e)
raise ExceptionGroup("final", [ValueError("one"), ExceptionGroup("nested", [TypeError("two"), KeyError("three")])])
