def http(status):
    match status:
        case 400:
            return "Bad request"
        case 401 | 403 | 404:
            return "Not allowed"
        case int() if status >= 500:
            return "Server"
        case _:
            return "Other"


print([http(s) for s in (400, 403, 503, 200, "x")])


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def where(p):
    match p:
        case Point(x=0, y=0):
            return "Origin"
        case Point(0, y):
            return f"Y={y}"
        case Point(x, 0):
            return f"X={x}"
        case Point(x, y) if x == y:
            return f"diagonal {x}"
        case Point():
            return "somewhere"
        case []:
            return "empty"
        case [Point(0, 0)]:
            return "one origin"
        case [Point(x1, y1), Point(x2, y2)]:
            return f"two {x1} {y1} {x2} {y2}"
        case [1, *rest]:
            return f"list {rest}"
        case (a, [b, c], *_):
            return f"nested {a} {b} {c}"
        case {"bandwidth": b, "latency": l, **rest}:
            return f"dict {b} {l} {rest}"
        case {"kind": "a" | "b" as kind}:
            return f"kind {kind}"
        case {}:
            return "mapping"
        case None | True | False:
            return f"constant {p}"
        case -1 | 2.5 | 1 + 2j | "str" | b"bytes":
            return f"literal {p!r}"
        case str(text) | bytes(text):
            return f"text {text}"
        case int(n) | float(n):
            return f"number {n}"
        case other:
            return f"other {type(other).__name__}"


for subject in (Point(0, 0), Point(0, 5), Point(5, 0), Point(3, 3), Point(1, 2), [], [Point(0, 0)], [Point(1, 2), Point(3, 4)], [1, 2, 3], (7, [8, 9], 10), {"bandwidth": 1, "latency": 2, "x": 3}, {"kind": "b"}, {"kind": "c"},
                None, True, -1, 2.5, 1 + 2j, "str", b"bytes", "text", b"x", 99, 1.25, {1, 2}, range(2), "", bytearray(b"q")):
    print(where(subject))


class Color:
    RED = "red"


def color(c):
    match c:
        case Color.RED:
            return "is red"
        case "green" as g:
            return g
        case [x, y] | (x, y, _):
            return x + y


print(color("red"), color("green"), color([1, 2]), color((1, 2, 3)), color("none"))
match 5, 6:
    case a, b:
        print(a, b)
match [1, 2, 3, 4]:
    case [first, *_, last]:
        print(first, last)
for subject in (Point(1, 2), 5):
    try:
        match subject:
            case Point(1, 2, 3):
                print("no")
            case int(1, 2):
                print("no")
    except TypeError as error:
        print(error)
match = 5
case = 6
print(match, case, match * case)
