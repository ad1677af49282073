# Random string method calls on random texts, narrow and wide.
state = 4242


def rnd(n):
    global state
    state = (state * 1103515245 + 12345) % 2147483648
    return (state >> 8) % n


ALPHABET = "aabbABc 1\t\n.é€ß中😀_-"


def text(most):
    return "".join(ALPHABET[rnd(len(ALPHABET))] for _ in range(rnd(most + 1)))


def number():
    return rnd(14) - 4


CALLS = [
    lambda s: ("find", s.find(t := text(2)), t), lambda s: ("rfind", s.rfind(t := text(2), number()), t), lambda s: ("count", s.count(t := text(2)), t),
    lambda s: ("replace", s.replace(t := text(2), "<>", number()), t), lambda s: ("split", s.split(t := text(1), number()), t), lambda s: ("rsplit", s.rsplit(None, number())),
    lambda s: ("splitlines", s.splitlines(True)), lambda s: ("strip", s.strip(t := text(3)), t), lambda s: ("partition", s.partition(t := text(1)), t), lambda s: ("rpartition", s.rpartition(t := text(1)), t),
    lambda s: ("upper", s.upper()), lambda s: ("lower", s.lower()), lambda s: ("title", s.title()), lambda s: ("capitalize", s.capitalize()), lambda s: ("swapcase", s.swapcase()), lambda s: ("casefold", s.casefold()),
    lambda s: ("center", s.center(number() + 6, "*")), lambda s: ("zfill", s.zfill(number() + 5)), lambda s: ("expandtabs", s.expandtabs(number())), lambda s: ("join", s.join(["x", text(2), "y"])),
    lambda s: ("startswith", s.startswith(t := text(1), number()), t), lambda s: ("endswith", s.endswith(t := text(1)), t), lambda s: ("cmp", s < (t := text(4)), s == t, t), lambda s: ("mul", s * number()),
    lambda s: ("slice", s[number():number()]), lambda s: ("encode", s.encode()), lambda s: ("utf16", s.encode("utf-16-le").decode("utf-16-le") == s), lambda s: ("is", s.isalpha(), s.isalnum(), s.isspace(), s.isupper(), s.islower(), s.istitle(), s.isidentifier(), s.isprintable()),
    lambda s: ("translate", s.translate({97: "X", 98: None, 0x4e2d: 0x1F600})), lambda s: ("removeprefix", s.removeprefix(t := text(1)), t), lambda s: ("index", s.index(t := text(1)), t), lambda s: ("ascii", ascii(s)), lambda s: ("format", f"{s!r:>12}|{s:^9}|{s:.3}"), lambda s: ("percent", "%r|%5s|%.2s" % (s, s, s)),
    lambda s: ("ljust", s.ljust(number() + 4) + "|"), lambda s: ("rjust", s.rjust(number() + 4, "é")), lambda s: ("reverse", s[::-1]), lambda s: ("sorted", "".join(sorted(s))), lambda s: ("max", max(s)), lambda s: ("at", s[number()]), lambda s: ("in", (t := text(2)) in s, t),
]
for i in range(800):
    s = text(9)
    try:
        result = CALLS[rnd(len(CALLS))](s)
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(repr(s), result)
