x = 42
if x < 0:
    print("negative")
elif x == 0:
    print("zero")
elif x == 42:
    print("answer")
else:
    print("more")
print(1 < 2 < 3, 1 < 3 < 2, 1 == 1.0 != 2, 3 > 2 > 1 > 0, 1 < 2 > 1, 0 == False is not None, "a" < "b" in "abc")
print(True and "yes", False and "no", 0 or "default", "" or [] or None, 1 and 2 and 3, not [], not not 5, None or 0, "a" and "" and "b")


def say(v):
    print("say", v, end="; ")
    return v


print(say(0) or say(1) or say(2), say(1) and say(0) and say(2), say(1) < say(2) < say(0) < say(9), say(3) if say(0) else say(4))
print([bool(v) for v in (0, 1, -1, 0.0, "", " ", [], [0], {}, {1: 1}, (), (0,), None, True, set(), range(0), range(1), b"", 0j, ..., object)])
a = b = []
print(a is b, a is not None, a == [], None is None, x is not None, (a or "x"), x if x > 40 else -x)


class Truth:
    def __init__(self, v):
        self.v = v

    def __bool__(self):
        return self.v


class Length:
    def __len__(self):
        return 0


print(bool(Truth(True)), bool(Truth(False)), bool(Length()), "t" if Truth(False) else "f", not Length(), [1 for t in (Truth(True), Truth(False)) if t])
try:
    bool(Truth(5))
except TypeError as error:
    print(error)


class BadLen:
    def __len__(self):
        return -1


class BadLen2:
    def __len__(self):
        return "x"


for bad in (BadLen(), BadLen2()):
    for f in (len, bool):
        try:
            f(bad)
        except (ValueError, TypeError) as error:
            print(type(error).__name__, error)
assert x == 42
try:
    assert x == 1, f"x is {x}"
except AssertionError as error:
    print("AssertionError:", error)
try:
    assert ()
except AssertionError as error:
    print(repr(error))
if (n := len("hello")) > 3: print("walrus", n)
while (n := n - 1) > 2: print(n, end=" ")
print()
pass
...
print(1 if False else 2 if False else 3, (lambda: 1 if x else 2)(), [1, 2][x > 1], "ab" "cd" if x else "")
