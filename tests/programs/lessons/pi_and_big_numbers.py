def pi_digits(n):
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    out = []
    while len(out) < n:
        if 4 * q + r - t < m * t:
            out.append(str(m))
            q, r, m = 10 * q, 10 * (r - m * t), (10 * (3 * q + r)) // t - 10 * m
        else:
            q, r, t, k, m, x = q * k, (2 * q + r) * x, t * x, k + 1, (q * (7 * k + 2) + r * x) // (t * x), x + 2
    return "".join(out)


print(pi_digits(60))
f = 1
for i in range(2, 101):
    f *= i
print(f, len(str(f)), sum(map(int, str(f))))
a, b = 0, 1
for _ in range(500):
    a, b = b, a + b
print(a)
p, q, e = 61, 53, 17
n, d = p * q, pow(e, -1, (p - 1) * (q - 1))
message = 65
cipher = pow(message, e, n)
print(n, d, cipher, pow(cipher, d, n))


def isqrt(n):
    x = n
    while (y := (x + n // x) // 2) < x:
        x = y
    return x


print(isqrt(2 * 10 ** 80), 2 ** 256, 3 ** 100 % 1000)


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


print(gcd(2 ** 100 - 1, 2 ** 60 - 1), gcd(f, 10 ** 30), -(2 ** 70) // 7, -(2 ** 70) % 7, (2 ** 70) >> 65, ~(2 ** 65))


def collatz(n):
    steps = 0
    while n != 1:
        n, steps = (n // 2 if n % 2 == 0 else 3 * n + 1), steps + 1
    return steps


print([collatz(n) for n in (1, 7, 27, 97)], max(range(1, 300), key=collatz))
print(int("".join(str(d) for d in range(1, 40))) % 97, f"{2 ** 64:,}", f"{2 ** 64:x}", hex(10 ** 20), int("zz" * 10, 36))
