class A:
    def __repr__(self):
        return "A-repr"


class B(A):
    def __str__(self):
        return "B-str"


class C:
    def __format__(self, spec):
        return f"C<{spec}>"

    def __bytes__(self):
        return b"C-bytes"


print(A(), str(A()), repr(B()), B(), [B(), A()], {"k": B()}, (B(),), f"{B()} {B()!r}", "%s %r" % (B(), B()), bytes(C()), f"{C():>3}", format(C(), "x"), str(B()) + "!")
print({A.__name__: A}, [int, len, None, ..., NotImplemented], [print], type, object, Exception, int | str)
f = lambda x: x


def named():
    pass


class Outer:
    class Inner:
        def method(self):
            def local():
                pass
            return local


for value in (f, named, Outer.Inner, Outer.Inner.method, Outer.Inner().method, Outer.Inner().method(), [].append, "a".join, str.upper, dict.fromkeys, (i for i in ()), iter([]), map(str, []), zip(), range(3), slice(1), property(), staticmethod(f), super(Outer.Inner, Outer.Inner()), object(), __import__("sys"), len, type(f), type(named.__code__), enumerate([]), {}.keys(), {}.items(), reversed([]), memoryview(b""), NotImplementedError, ValueError("x")):
    text = repr(value)
    at = text.find(" at 0x")
    print(text if at < 0 else text[:at] + " at ...>")
for bad, make in (("repr", type("X", (), {"__repr__": lambda self: 5})), ("str", type("X", (), {"__str__": lambda self: None})), ("format", type("X", (), {"__format__": lambda self, s: 1})), ("hash", type("X", (), {"__hash__": lambda self: "h"})), ("len", type("X", (), {"__len__": lambda self: 1.5})), ("bytes", type("X", (), {"__bytes__": lambda self: "s"})), ("int", type("X", (), {"__int__": lambda self: "s"})), ("float", type("X", (), {"__float__": lambda self: 1})), ("iter", type("X", (), {"__iter__": lambda self: 1})), ("bool", type("X", (), {"__bool__": lambda self: 1})), ("range", type("X", (), {"__index__": lambda self: "1"})), ("dir", type("X", (), {"__dir__": lambda self: 5})), ("complex", type("X", (), {"__complex__": lambda self: 5})), ("reversed", type("X", (), {})), ("abs", type("X", (), {}))):
    try:
        print(bad, eval(bad)(make()))
    except TypeError as error:
        print(bad, "->", error)
