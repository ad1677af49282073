import a, b.c, d.e.f as g
from x import y, z as w
from . import p
from ..q.r import *
def f():
    import a.b
    from c import d
    return a, d
