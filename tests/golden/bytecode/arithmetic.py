def f(a, b):
    x = a + b
    y = x * 2 - a
    z = -y ** 2 // (a % 3) & 7
    return (a + b) * (a - b) + z << 1
def g(a):
    a += 1
    a -= g(a)
    a.b **= 2
    a[0] *= 3
    a[1:2] += [1]
    return 1 + 2 * 3, "a" * 3, -5 % 3, (1, (2, 3)), not 0, 10 ** 30
