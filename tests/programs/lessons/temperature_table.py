print("Celsius  Fahrenheit")
for c in range(-10, 41, 10):
    f = c * 9 / 5 + 32
    print(f"{c:7d} {f:10.1f}")


def c_to_f(c: float) -> float:
    """Convert degrees."""
    return c * 9 / 5 + 32


def f_to_c(f): return (f - 32) * 5 / 9


print(c_to_f(100), f_to_c(212), round(f_to_c(98.6), 1), c_to_f.__doc__, [round(c_to_f(x / 2), 2) for x in range(5)])
width = 20
height = 5 * 9
print(width * height, 17 / 3, 17 // 3, 17 % 3, 5 * 3 + 2, 5 ** 2, 4 * 3.75 - 1, 2 ** 7, 8 / 5, 50 - 5 * 6, (50 - 5 * 6) / 4)
tax, price = 12.5 / 100, 100.50
print(price * tax, price + price * tax, round(price + price * tax, 2))
word = "Python"
print(word[0], word[5], word[-1], word[0:2], word[:2] + word[2:], word[4:42], "J" + word[1:], len(word), 3 * "un" + "ium", "Py" "thon")
squares = [1, 4, 9, 16, 25]
print(squares[0], squares[-3:], squares + [36, 49], squares[:])
letters = ["a", "b", "c", "d", "e", "f", "g"]
letters[2:5] = ["C", "D", "E"]; print(letters)
letters[2:5] = []; print(letters)
letters[:] = []; print(letters, len(letters))
a, b = 0, 1
while a < 1000:
    print(a, end=",")
    a, b = b, a + b
print()
