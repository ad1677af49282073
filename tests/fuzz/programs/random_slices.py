# Random slices of sequences, read, assigned and deleted.
state = 777


def rnd(n):
    global state
    state = (state * 1103515245 + 12345) % 2147483648
    return (state >> 8) % n


def bound():
    return None if rnd(4) == 0 else rnd(17) - 8


for i in range(400):
    n = rnd(8)
    s = slice(bound(), bound(), (None, 1, 2, -1, -2, 3, -3, 0)[rnd(8)])
    for make in (list, tuple, lambda r: "".join(chr(97 + x) for x in r), bytes, lambda r: r):
        value = make(range(n))
        try:
            out = repr(value[s])
        except ValueError as error:
            out = str(error)
        print(out, end=" ")
    new = list(range(100, 100 + rnd(5)))
    target = list(range(n))
    try:
        target[s] = new
        print("set", target, end=" ")
    except ValueError as error:
        print(error, end=" ")
    target = bytearray(range(n))
    try:
        target[s] = bytes(new)
        print("set", list(target), end=" ")
    except ValueError as error:
        print(error, end=" ")
    target = list(range(n))
    try:
        del target[s]
        print("del", target)
    except ValueError as error:
        print(error)
