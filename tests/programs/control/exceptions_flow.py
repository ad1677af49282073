def divide(x, y):
    try:
        result = x / y
    except ZeroDivisionError:
        print("division by zero!")
    except TypeError as error:
        print("type:", error)
    else:
        print("result is", result)
        return result
    finally:
        print("executing finally")


divide(2, 1); divide(2, 0); divide("2", "1")


def finally_after_return():
    log = []
    try:
        log.append("try")
        return log
    finally:
        log.append("finally")


def nested():
    try:
        try:
            raise KeyError("inner")
        finally:
            print("inner finally")
    except KeyError as error:
        print("outer got", error)
        try:
            raise ValueError("again") from error
        except ValueError as second:
            print(repr(second.__cause__), repr(second.__context__), second.__suppress_context__)
    return "done"


print(finally_after_return(), nested())


def swallow():
    while True:
        try:
            raise ValueError
        except ValueError:
            break
        finally:
            print("left the loop")
    for i in range(3):
        try:
            continue
        finally:
            print(i, end=" ")
    print()


swallow()
try:
    raise ValueError("spam", "eggs")
except Exception as inst:
    print(type(inst), inst.args, inst, repr(inst))
    x, y = inst.args
try:
    inst
except NameError as error:
    print(error)
for raiser in (lambda: int("x"), lambda: [][1], lambda: {}["k"], lambda: None.x, lambda: 1 / 0, lambda: undefined, lambda: "a" + 1, lambda: next(iter(()))):
    try:
        raiser()
    except (ValueError, TypeError) as error:
        print("value/type", error)
    except LookupError as error:
        print("lookup", type(error).__name__, error)
    except ArithmeticError:
        print("arithmetic")
    except NameError as error:
        print("name", error.name)
    except AttributeError as error:
        print("attribute", error.name, error.obj)
    except:
        print("bare")
for bad in ("raise 5", "raise 'text'", "raise", "raise None", "raise ValueError from 5", "raise int", "raise ValueError('a') from None", "raise KeyError", "raise KeyError('k', 1)"):
    try:
        exec(bad)
    except BaseException as error:
        print(bad, "->", type(error).__name__, repr(error), error.__suppress_context__)
try:
    try:
        1 / 0
    except "not a class":
        pass
except TypeError as error:
    print(error)


def reraise():
    try:
        raise ValueError("first")
    except ValueError:
        try:
            raise
        except ValueError as e:
            return str(e)


def gen_finally():
    try:
        yield 1
        yield 2
    finally:
        print("gen cleanup")


print(reraise())
for v in gen_finally():
    break
print("after")
