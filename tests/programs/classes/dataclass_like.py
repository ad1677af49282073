from dataclasses import dataclass, field, replace, asdict


@dataclass
class Item:
    name: str
    price: float
    quantity: int = 0
    tags: list = field(default_factory=list)

    def total(self):
        return self.price * self.quantity


a = Item("pen", 1.5, 4)
print(a, a.total(), a == Item("pen", 1.5, 4), a != Item("x", 1), asdict(a), replace(a, name="pencil"))
a.tags.append("blue")
print(Item("b", 2).tags, a.tags)


@dataclass(order=True, frozen=True)
class Version:
    major: int
    minor: int = 0


print(Version(1) < Version(1, 2), sorted([Version(2), Version(1, 5), Version(1)]), hash(Version(1)) == hash(Version(1, 0)), Version(3).major)
try:
    Version(1).major = 2
except Exception as error:
    print(type(error).__name__, error)
for bad in (lambda: Item(), lambda: Item("a", 1, 2, [], 5), lambda: Item(nam="x"), lambda: Version(1) < 5):
    try:
        bad()
    except TypeError as error:
        print(error)
match Version(4, 2):
    case Version(m, n):
        print(m, n)
