class A:
    name = "A"

    def __init__(self):
        self.log = ["A"]

    @classmethod
    def make(cls):
        return cls.__name__

    @staticmethod
    def helper():
        return "A.helper"

    @property
    def value(self):
        return "A.value"

    def __getitem__(self, key):
        return f"A[{key}]"

    def __repr__(self):
        return "A()"


class B(A):
    name = "B"

    def __init__(self):
        super().__init__()
        self.log.append("B")

    @classmethod
    def make(cls):
        return "B+" + super().make()

    @staticmethod
    def helper():
        return "B." + A.helper()

    @property
    def value(self):
        return "B+" + super().value

    def __getitem__(self, key):
        return "B+" + super().__getitem__(key)

    def parent(self):
        return super().name, [super(B, self).name for _ in (1,)]

    def in_lambda(self):
        return (lambda: super(B, self).value)()

    def nested(self):
        def inner():
            return super(__class__, self).value
        return inner()

    def __repr__(self):
        return "B" + super().__repr__()


b = B()
print(b.log, B.make(), b.make(), b.helper(), b.value, b[1], b.parent(), b.in_lambda(), b.nested(), b)
print(super(B, b).__getitem__(2), super(B, B).make(), repr(super(B, b)), super(B, b).__self__ is b)
for bad in (lambda: super(B, 5), lambda: super(B, b).nope, lambda: super(5), lambda: super(B, A())):
    try:
        bad()
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)


def outside(self):
    return super().x


try:
    outside(1)
except RuntimeError as error:
    print(error)


class M1:
    def run(self): return ["M1"] + super().run()


class M2:
    def run(self): return ["M2"] + super().run()


class Root:
    def run(self): return ["Root"]


class Mixed(M1, M2, Root):
    def run(self): return ["Mixed"] + super().run()


print(Mixed().run())
try:
    M1().run()
except AttributeError as error:
    print(error)


class NewSuper:
    def __new__(cls, *args):
        self = super().__new__(cls)
        self.args = args
        return self

    def __setattr__(self, name, value):
        super().__setattr__(name.upper(), value)

    def __getattr__(self, name):
        return f"no {name}"


n = NewSuper(1, 2)
print(vars(n), n.args, n.ARGS)
