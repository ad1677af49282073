for a, b in ((7, 2), (-7, 2), (7, -2), (7.5, 2), (-7.5, 2), (2, 0.5), (True, 2), (10 ** 20, 3), (10 ** 20, 0.5), (0.1, 10 ** 15)):
    print(a, b, a + b, a - b, a * b, a / b, a // b, a % b, divmod(a, b), a < b, a == b, a > b)
print([type(v).__name__ for v in (1 + 1.0, 1 + True, 2 ** -1, 2 ** 2, 4 / 2, 5 // 2.0, True / 1, 1j + 1, 10 ** 30, -0.0, abs(-1.5), round(2.5), round(2.5, 0), int(2.9), float(3), divmod(5, 2.0)[0], sum([]), sum([0.5]), max(1, 2.0), min(1, 2.0))])
print(1 << 70 >> 68, -1 >> 100, 5 // 0.3, -5 % 0.3, 1e308 + 1e308, -1e308 * 10, 1 / 3 * 3 == 1)
print(0.1 + 0.1 + 0.1, 0.3, 1.1 + 2.2, 3.3, 100 * 1.1, 1e16 + 1, 1e16 + 2, 2 ** 53 + 1.0, 9007199254740993 == 9007199254740992.0, 9007199254740993 > 9007199254740992.0)
print(int("10", 2) + int("0x1f", 16) + int("-0b11", 0), float("1e-3"), complex("1+1j") * 2, int(-3.7), round(-3.5), round(-2.5), round(3.14159, 3), round(12345, -2))
print(sum(range(101)), sum([0.1] * 3), sum([1, 2.5, True]), sum([[1], [2]], []), pow(2, 100) % 97, pow(2, 100, 97), abs(-2 ** 63), -(-2 ** 31))
n, digits = 9875, []
while n:
    n, d = divmod(n, 10)
    digits.insert(0, d)
print(digits, bin(37)[2:].zfill(8), f"{37:08b}", int("00100101", 2), oct(8), hex(255)[2:].upper(), chr(0x41), ord("€"), "%c" % 8364)
print([i for i in range(-3, 4)], [i // 2 for i in range(-3, 4)], [i % 3 for i in range(-3, 4)], [i >> 1 for i in range(-3, 4)], [~i for i in range(-3, 4)])
print(1_000_000 * 1_000_000, 2 ** 31 - 1 + 1, 2 ** 47 - 1 + 1, -2 ** 47 - 1, 2 ** 48 * 2 ** 16, (2 ** 64 - 1) & 0xFFFFFFFF, 123456789 * 987654321, 123456789 ** 3 % 1000)
for text in ("3", "3.0", "3e0", "0x3", " 3 ", "3_0", "abc", "", "३"):
    try:
        print(repr(text), int(text), end=" ")
    except ValueError as error:
        print(error, end=" ")
    try:
        print(float(text))
    except ValueError as error:
        print(error)
