# Random format specifications applied to values of many types.
state = 99


def rnd(n):
    global state
    state = (state * 1103515245 + 12345) % 2147483648
    return (state >> 8) % n


def pick(*options):
    return options[rnd(len(options))]


VALUES = [0, 1, -1, 42, -12345, 10 ** 20, True, 0.0, -0.0, 1.5, -2.675, 123456.789, 1e-7, 1e22, float("inf"), float("-inf"), float("nan"), "", "abc", "é中", 1 + 2j, -0.5j]
for i in range(900):
    spec = pick("", "", "<", ">", "^", "=", "*<", "0>", "é^") + pick("", "", "", "+", "-", " ") + pick("", "", "", "z") + pick("", "", "#") + pick("", "", "0") + pick("", "1", "5", "12") + pick("", "", "", ",", "_") + pick("", "", ".0", ".1", ".3", ".10") + pick("", "d", "b", "o", "x", "X", "c", "e", "E", "f", "F", "g", "G", "n", "%", "s", "q")
    value = VALUES[rnd(len(VALUES))]
    try:
        result = repr(format(value, spec))
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(repr(value), repr(spec), "=>", result)
for i in range(500):
    spec = "%" + pick("", "", "-", "+", " ", "0", "#", "0-", "+0") + pick("", "", "1", "6", "12") + pick("", "", ".0", ".2", ".8") + pick("d", "i", "u", "x", "X", "o", "e", "E", "f", "F", "g", "G", "s", "r", "a", "c", "%", "q")
    value = VALUES[rnd(len(VALUES))]
    try:
        result = repr(spec % (() if spec.endswith("%") else (value,)))
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(repr(value), repr(spec), "=>", result)
