# needs: attrs==26.1.0
import attr
import attrs
from attrs import Factory, define, field, frozen, validators


@define
class Point:
    x: int = field(default=0, converter=int, validator=validators.ge(0))
    y: int = field(default=0)
    tags: list = Factory(list)

    @y.validator
    def check(self, attribute, value):
        if value > 100:
            raise ValueError(f'{attribute.name} is too large: {value}')


@frozen(order=True)
class Version:
    major: int
    minor: int = field(default=0, repr=False)


p = Point('3', 4)
print(p, p == Point(3, 4), attrs.asdict(p), attrs.astuple(p))
print(attrs.evolve(p, y=7))
for call in (lambda: Point(-1), lambda: Point(1, 101), lambda: Point(1, 2, 3, 4), lambda: setattr(p, 'z', 1)):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
print(sorted([Version(2, 1), Version(1, 5), Version(2)]), hash(Version(1)) == hash(Version(1)))
try:
    Version(1).major = 3
except attrs.exceptions.FrozenInstanceError as error:
    print(type(error).__name__, error)
print([a.name for a in attrs.fields(Point)], Point.__slots__)


@attr.s(auto_attribs=True)
class Old:
    a: int
    b: str = attr.ib(default='b', metadata={'unit': 'm'})


print(Old(1), attr.fields(Old).b.metadata)
made = attrs.make_class('Made', ['a', 'b'])
print(made(1, b=2))


@define
class Child(Point):
    z: float = 1.5

    def __attrs_post_init__(self):
        self.z *= 2


print(Child(1, 2, [3]))
print(attrs.asdict(Child(1), filter=lambda attribute, value: attribute.name != 'tags', value_serializer=lambda i, a, v: str(v)))
