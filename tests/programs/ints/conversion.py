import sys

print(int("42"), int("  -17 "), int("+8"), int("1_000_000"), int("0b101", 0), int("0o17", 0), int("0xFF", 0), int("0", 0))
print(int("ff", 16), int("0xff", 16), int("z", 36), int("101", 2), int("-777", 8), int("٣٤"))
print(int(3.9), int(-3.9), int(b"12"), int(bytearray(b"7")), int())
print(bin(10), bin(-10), oct(64), hex(255), hex(-255), bin(0), hex(2 ** 70))
print(0b1010, 0o17, 0xFf, 1_000, 0b1_0, 0XA)
print(str(123), repr(-5), f"{255:x} {255:X} {255:#x} {255:b} {255:#b} {255:o} {255:08b} {255:+d} {255:,} {1234567:_}")
print((5).__class__, type(5).__name__, (5).real, (5).imag, (5).numerator, (5).denominator, (5).conjugate(), (5).is_integer())
print((1023).to_bytes(2, "big"), (-1).to_bytes(2, "little", signed=True), int.from_bytes(b"\x01\x02"), (7).to_bytes())
print((10).as_integer_ratio(), (10).bit_length(), (0).bit_length(), (7).bit_count())
print(round(15, -1), round(25, -1), round(-15, -1), round(1234, -2), round(5), round(5, 3))
for bad in ('int("x")', 'int("")', 'int("1__0")', 'int("12", 1)', 'int("12", 37)', 'int("9", 8)', "int(None)", "int([])", 'int(float("nan"))',
            'int(float("inf"))', "int(5, 2)", 'int("1.5")', '(256).to_bytes(1, "big")', '(-1).to_bytes(1, "big")', '(1).to_bytes(1, "middle")', 'int("5", base=2)',
            "int(x=5)", "(5).foo", 'int("\\n")', 'int("½")', "int(1j)", "1 .real = 3"):
    try:
        print(eval(bad))
    except SyntaxError as error:
        print(bad, "SyntaxError")
    except Exception as error:
        print(bad, "->", type(error).__name__, error)


class Indexed:
    def __index__(self):
        return 6


class Whole:
    def __int__(self):
        return 11


print(int(Indexed()), int(Whole()), hex(Indexed()), [1, 2, 3, 4, 5, 6, 7][Indexed()], range(Indexed()), "ab" * Indexed())
try:
    print([1][Whole()])
except TypeError as error:
    print(error)
print(sys.int_info.bits_per_digit > 0, sys.maxsize > 2 ** 30)
