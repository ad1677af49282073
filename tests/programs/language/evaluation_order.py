def say(label, value=None):
    print(label, end=" ")
    return value


d = {}
d[say("key", 1)] = say("value", 2)
print(d)
say("f", lambda *a, **k: print("called"))(say("a"), *say("b", [1]), k=say("c"), **say("d", {}))
print({say("k1", 1): say("v1"), say("k2", 2): say("v2")})
x = [say("i0", 0), say("i1", 1)][say("index", 1)]
print(x)
print(say("left", 5) - say("right", 3), say("a", 2) ** say("b", 3), say("l", 1) if say("cond", True) else say("r", 2))
print(say("x", 1) < say("y", 2) < say("z", 0), say("p", 0) and say("q", 1), say("p", 0) or say("q", 1))
a = [0, 0]
i = 0
i, a[i] = 1, 5
print(i, a)


class Show:
    def __getitem__(self, k):
        print("get", k, end=" ")
        return 10

    def __setitem__(self, k, v):
        print("set", k, v)

    def __getattr__(self, name):
        print("getattr", name, end=" ")
        return 1


s = Show()
s[say("i", 1)] += say("v", 5)
s[say("a", 1)], s[say("b", 2)] = say("r1", 1), say("r2", 2)
s.attr += say("w", 1)
print(s.attr)
a = b = c = say("once", [])
print(a is b is c)
(lambda x=say("default", 1): x)()
print()


@say("deco1", lambda f: f)
@say("deco2", lambda f: f)
def g(x=say("arg", 1), *, y=say("kw", 2)):
    pass


print()


class C(say("base", object), metaclass=say("meta", type)):
    say("body")


print()
x = 1
print(x + (x := 5), x, [x := 3, x * 2], (y := x + 1) * y, (x, x := 9, x))
n = 0
print([n := n + k for k in range(4)], n)
assert say("test", True), say("message")
print()
del d[say("gone", 1)]
print(d)
for q in say("iter", [1]): print("loop")
with say("ctx", type("M", (), {"__enter__": lambda s: say("enter", 3), "__exit__": lambda s, *a: say("exit")})()) as v:
    print(v)
print()
print(f"{say('f1', 1)}-{say('f2', 2):{say('spec', 3)}}")
print(say("chain", "abc").upper().replace(say("old", "A"), say("new", "z")))
