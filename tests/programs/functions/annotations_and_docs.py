def f(ham: str, eggs: str = "eggs") -> str:
    """Do nothing, but document it.

    No, really.
    """
    return ham + eggs


print(f.__annotations__, f.__doc__.splitlines()[0], f("a"))


def lazy(x: undefined_name, y: 1 / 0 = 5) -> list[int]:
    return x


print(lazy(3))
try:
    lazy.__annotations__
except NameError as error:
    print("lazily:", error)


class C:
    """A class."""
    a: int = 1
    b: "str"
    c: list[int] = []

    def m(self, x: int) -> None: ...


print(C.__annotations__, C.a, hasattr(C, "b"), C.__doc__, C.m.__annotations__)
x: int = 5
y: str
print(x, __annotations__ if "__annotations__" in globals() else "deferred")
try:
    y
except NameError as error:
    print(error)


def local():
    z: int
    try:
        return z
    except UnboundLocalError as error:
        return str(error)


print(local())
(p): int = 3
d = {}
d["k"]: int = 4
C.attr: int = 9
print(p, d, C.attr, list[int], dict[str, int], int | None, type(int | None).__name__, tuple[int, ...])


def generic[T](item: T) -> list[T]:
    return [item]


class Box[T]:
    def __init__(self, item: T):
        self.item = item


type Alias[K] = dict[K, int]
print(generic(5), generic.__type_params__, Box[int](3).item, Alias.__name__, Alias.__value__, Box.__type_params__)
