# Random small programs with loops, conditions, functions and exceptions, generated and run from a fixed seed.
state = 2024


def rnd(n):
    global state
    state = (state * 1103515245 + 12345) % 2147483648
    return (state >> 8) % n


def pick(*options):
    return options[rnd(len(options))]


def expression(depth=2):
    if depth == 0 or rnd(4) == 0:
        return pick("a", "b", "c", "n", str(rnd(10)), "len(log)", "'s'", "[a]", "1.5", "None", "not a", "log[-1]")
    return pick(
        lambda: f"({expression(depth - 1)} {pick('+', '-', '*', '//', '%', 'and', 'or', '<', '==', '!=', 'in')} {expression(depth - 1)})",
        lambda: f"({expression(depth - 1)} if {expression(depth - 1)} else {expression(depth - 1)})",
        lambda: f"f({expression(depth - 1)})", lambda: f"[x for x in range({rnd(4)}) if x != {expression(depth - 1)}]",
        lambda: f"(c := {expression(depth - 1)})", lambda: f"(lambda q, a=a: (q, {expression(0)}))({expression(depth - 1)})", lambda: f"str({expression(depth - 1)})",
    )()


def block(depth, indent, loop=False):
    lines = []
    for _ in range(1 + rnd(3)):
        kind = rnd(12) if depth else rnd(4)
        pad = "    " * indent
        if kind == 0:
            lines.append(f"{pad}{pick('a', 'b', 'c')} = {expression()}")
        elif kind == 1:
            lines.append(f"{pad}log.append({expression()})")
        elif kind == 2:
            lines.append(f"{pad}{pick('a', 'b')} {pick('+', '-', '*')}= {expression(1)}")
        elif kind == 3:
            lines.append(pad + (pick("break", "continue", "pass") if loop else pick("pass", "raise ValueError(a)", "a, b = b, a", "del c")))
        elif kind < 6:
            lines += [f"{pad}if {expression()}:", *block(depth - 1, indent + 1, loop), f"{pad}else:", *block(depth - 1, indent + 1, loop)]
        elif kind < 8:
            lines += [f"{pad}for n in range({rnd(4)}):", *block(depth - 1, indent + 1, True)] + ([f"{pad}else:", *block(depth - 1, indent + 1, loop)] if rnd(2) else [])
        elif kind < 10:
            lines += [f"{pad}try:", *block(depth - 1, indent + 1, loop), f"{pad}except {pick('TypeError', 'ValueError', 'Exception', '(NameError, ZeroDivisionError)')} as e:", f"{pad}    log.append(repr(e))", *block(depth - 1, indent + 1, loop)]
            if rnd(2):
                lines += [f"{pad}finally:", *block(0, indent + 1)]
        elif kind == 10:
            lines += [f"{pad}with Guard({rnd(2)}):", *block(depth - 1, indent + 1, loop)]
        else:
            lines += [f"{pad}k{indent} = 0", f"{pad}while k{indent} < {rnd(4)}:", f"{pad}    k{indent} += 1", *block(depth - 1, indent + 1, True)]
    return lines


class Guard:
    def __init__(self, swallow):
        self.swallow = swallow

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        log.append(f"exit {kind.__name__ if kind else None}")
        return self.swallow


def f(x):
    return x * 2 if isinstance(x, (int, str)) else x


for i in range(250):
    log = []
    body = block(3, 1)
    source = "\n".join(["def program(a, b, c=None, n=0):", *body, "    return a, b, c, n"])
    names = {"log": log, "f": f, "Guard": Guard}
    try:
        exec(source, names)
        result = names["program"](rnd(5), rnd(5))
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(i, result, log[-4:], len(log))
