class Resource:
    opened = []

    def __init__(self, name, fail=None):
        if fail == "open":
            raise OSError(f"cannot open {name}")
        self.name, self.fail = name, fail
        Resource.opened.append(name)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        Resource.opened.remove(self.name)
        if self.fail == "close":
            raise OSError(f"cannot close {self.name}")

    def work(self):
        if self.fail == "work":
            raise ValueError(f"bad data in {self.name}")
        return self.name.upper()


def use(*specs):
    try:
        with Resource(*specs[0]) as a, Resource(*specs[1]) as b:
            return a.work() + b.work()
    except (OSError, ValueError) as error:
        context = error.__context__
        return f"{type(error).__name__}: {error}" + (f" after {context!r}" if context else "")
    finally:
        print("open:", Resource.opened, end=" -> ")


for pair in ((("a",), ("b",)), (("a", "open"), ("b",)), (("a",), ("b", "open")), (("a", "work"), ("b",)), (("a", "close"), ("b", "work")), (("a", "close"), ("b", "close"))):
    print(use(*pair))


def levels(n):
    try:
        if n == 0:
            raise KeyError("bottom")
        levels(n - 1)
    except KeyError as error:
        if n == 3:
            raise RuntimeError("top") from error
        raise
    finally:
        print(n, end=" ")


try:
    levels(4)
except RuntimeError as error:
    print(repr(error), repr(error.__cause__))


def retry(actions):
    errors = []
    for action in actions:
        try:
            return action(), errors
        except ValueError as error:
            errors.append(str(error))
        except Exception as error:
            errors.append(type(error).__name__)
            break
        else:
            print("unreachable")
    return None, errors


print(retry([lambda: int("a"), lambda: int("7")]), retry([lambda: [][0], lambda: 1]), retry([]))


def generator_with_cleanup():
    try:
        while True:
            try:
                value = yield
                print("got", value)
            except ValueError as error:
                print("inside:", error)
    finally:
        print("closed")


g = generator_with_cleanup()
next(g)
g.send(1)
g.throw(ValueError("thrown in"))
g.send(2)
g.close()
try:
    try:
        raise ValueError("one")
    finally:
        raise TypeError("two")
except TypeError as error:
    print(repr(error), repr(error.__context__), error.__cause__)


def validate(age):
    if not isinstance(age, int):
        raise TypeError(f"age must be int, not {type(age).__name__}")
    if age < 0:
        raise ValueError("age must not be negative", age)
    return age


for v in (5, -1, "x", None):
    try:
        print(validate(v))
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error.args)
class Stop(BaseException): pass
try:
    try:
        raise Stop("base")
    except Exception:
        print("no")
except BaseException as error:
    print("base:", error)
raise validate(-5)
