def sieve(limit):
    flags = bytearray([1]) * (limit + 1)
    flags[0:2] = b"\0\0"
    for n in range(2, int(limit ** 0.5) + 1):
        if flags[n]:
            flags[n * n::n] = bytes(len(flags[n * n::n]))
    return [i for i, f in enumerate(flags) if f]


primes = sieve(500)
print(len(primes), primes[:10], primes[-3:], sum(primes))


def factor(n):
    found = {}
    for p in primes:
        while n % p == 0:
            found[p] = found.get(p, 0) + 1
            n //= p
    if n > 1:
        found[n] = 1
    return found


print(factor(360), factor(9973 * 2), " * ".join(f"{p}^{e}" if e > 1 else str(p) for p, e in factor(5040).items()))
print([(p, q) for p, q in zip(primes, primes[1:]) if q - p == 2][:6])
print([n for n in range(2, 500) if sum(d for d in range(1, n) if n % d == 0) == n])


def is_prime(n, bases=(2, 3, 5, 7, 11, 13)):
    d, r = n - 1, 0
    while d % 2 == 0:
        d, r = d // 2, r + 1
    for a in bases:
        x = pow(a, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(r - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


print(is_prime(2 ** 89 - 1), is_prime(2 ** 83 - 1), is_prime(10 ** 18 + 9))
