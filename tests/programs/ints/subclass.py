class Metres(int):
    unit = "m"

    def __new__(cls, value, note=""):
        self = super().__new__(cls, value)
        self.note = note
        return self

    def __add__(self, other):
        return Metres(int(self) + int(other), "sum")

    def __repr__(self):
        return f"{int(self)} {self.unit}"


a = Metres(5, "first")
b = Metres("7")
print(a, repr(b), a.note, b.note == "", a + b, (a + b).note)
print(a - b, type(a - b), a * 2, type(+a), a == 5, hash(a) == hash(5), {5: "five"}[a])
print(isinstance(a, int), Metres(3) < Metres(4), [10, 20, 30, 40, 50, 60][a], bool(Metres(0)))
print(sum([a, b], Metres(0)), f"{a:03d}", "%d" % a, str(a), int(a), type(int(a)))
print(Metres.__mro__, Metres.__base__)


class Weird(int):
    def __eq__(self, other):
        return "eq"

    def __hash__(self):
        return 1

    def __bool__(self):
        return False


w = Weird(9)
print(w == 3, 3 == w, w != 3, bool(w), not w, hash(w))
try:
    class Both(int, str):
        pass
except TypeError as error:
    print(error)


class Flag(bool.__base__):
    pass


try:
    class B(bool):
        pass
except TypeError as error:
    print(error)
