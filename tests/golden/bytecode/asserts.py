def f(a):
    assert a
    assert a > 1, f'{a}'
    assert a and a.b is not None
