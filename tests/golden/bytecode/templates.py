def f(x):
    return t'a{x}b{x + 1!r:>{x}}' t'{x=}', t'', t'{ (x) }'
