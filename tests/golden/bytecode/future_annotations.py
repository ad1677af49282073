from __future__ import annotations
x: list[int] | None = 1
def f(a: "str", b: x.y[1:2, ...] = 1, *c: lambda q=1, *r: q, d: not (a and b) or c) -> (yield_ if 1 else -2 ** 3): pass
class C:
    y: {"a": f"{x!r:>{y}}", **z}
