# Random expressions over numbers, from a fixed seed; every value or error is printed.
state = 12345


def rnd(n):
    global state
    state = (state * 1103515245 + 12345) % 2147483648
    return (state >> 8) % n


ATOMS = ["0", "1", "-1", "2", "3", "7", "10", "255", "-256", "1000", "2147483647", "-2147483648", "140737488355327", "140737488355328", "-140737488355329", "2**63", "-2**64", "10**25", "True", "False", "0.5", "-0.0", "1.5", "3.7", "1e10", "-2.25", "0.1", "100.0"]
BINARY = ["+", "-", "*", "//", "%", "/", "&", "|", "^", "<", "<=", "==", "!=", ">", ">="]
UNARY = ["-", "+", "not ", "abs", "int", "float", "round", "bool"]


def make(depth):
    kind = rnd(10)
    if depth == 0 or kind < 2:
        return ATOMS[rnd(len(ATOMS))]
    if kind < 7:
        return f"({make(depth - 1)} {BINARY[rnd(len(BINARY))]} {make(depth - 1)})"
    if kind == 7:
        return f"({make(depth - 1)} {('<<', '>>', '**')[rnd(3)]} {rnd(9)})"
    if kind == 8:
        return f"divmod({make(depth - 1)}, {make(depth - 1)})[{rnd(2)}]"
    op = UNARY[rnd(len(UNARY))]
    return f"{op}({make(depth - 1)})"


def show(value):
    text = repr(value)
    return text if len(text) < 60 else f"{text[:25]}...{text[-25:]} {len(text)}"


for i in range(600):
    source = make(1 + rnd(4))
    try:
        result = show(eval(source))
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(source, "=>", result)
