@decorator
@other(1)
def f(a, b=1, /, c=2, *args, d, e=3, **kw):
    """Doc
      string.
    """
    def inner(x=a):
        nonlocal b
        b = x
        return c
    return inner, lambda y, z=b: y + z + d
