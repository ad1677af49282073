def f(x, w):
    a = f'{x}'
    b = f'{x!r:>{w}} and {x=} {w = :3}{{}}'
    c = 'a' 'b' f'{x}' "c"
    d = '%s is %r, 100%%' % (x, w)
    e = '%d' % x
    return f'', f'abc', rf'\{x}', b'x' b'y', '\ud800'
