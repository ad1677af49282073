x: int = 1
if x:
    y: str
(z): int = 2
a.b: int
def f(a: int, *args: str, b: float = 1.0, **kw: T) -> None:
    local: unknown = 1
class C:
    field: int
    if x:
        other: "C" = 2
    def m(self, __private: field): pass
