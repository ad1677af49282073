a = 2 ** 100
b = 3 ** 70
print(a, b, a + b, a - b, b - a, a * b)
print(a // b, b // a, b % a, -b // a, -b % a, b % -a, divmod(-b, a))
print(a & b, a | b, a ^ b, ~a, -a & b, -a | b, -a ^ b)
print(a << 13, b >> 20, -b >> 20, (1 << 64) - 1, -(1 << 64))
print(a == 2 ** 100, a < b, a > b, a <= a, a != b, a == float(a))
print(a.bit_length(), b.bit_count(), (-a).bit_length(), a.to_bytes(13, "big"), int.from_bytes(b"\xff" * 9, "little"))
print(hash(-1), hash(12345), hash(10 ** 30) == hash(10 ** 30))
n = 1
for i in range(1, 41):
    n *= i
print(n)
print(len(str(7 ** 500)), str(7 ** 500)[:20], 7 ** 500 % 10 ** 9)
print(pow(3, 10 ** 20, 10 ** 9 + 7), pow(2, 1000, 2 ** 61 - 1))
print(int("123456789012345678901234567890") + 1, int("-9" * 1 + "9" * 30))
print(a * 0, a - a, 0 * -a, a // a, (a + 1) % a)
fib = [0, 1]
while len(fib) < 200:
    fib.append(fib[-1] + fib[-2])
print(fib[-1], sum(fib))
print(281474976710655 + 1, -281474976710656 - 1, 140737488355327 + 1, 2147483647 + 1, 2 ** 31 * 2 ** 31, 2 ** 32 * 2 ** 32)
for k in (30, 31, 32, 46, 47, 48, 49, 62, 63, 64):
    m = 1 << k
    print(k, m - 1 + 1 == m, -m, m * m, (m - 1) * (m + 1), -m // 3, m ^ -1)
print(float(2 ** 53 + 1), int(1e20), int(-1.5e18), round(10 ** 20 + 5, -1))
try:
    float(10 ** 400)
except OverflowError as error:
    print(error)
try:
    10 ** 400 / 3.0
except OverflowError as error:
    print(error)
print(10 ** 400 / 10 ** 399, (10 ** 400 + 1) / 10 ** 400)
