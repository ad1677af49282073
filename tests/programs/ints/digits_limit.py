# The limit on converting huge integers to and from decimal text.
import sys

print(sys.get_int_max_str_digits())
try:
    str(10 ** 5000)
except ValueError as error:
    print(error)
try:
    int("1" * 5000)
except ValueError as error:
    print(error)
print(len(hex(10 ** 5000)), len(bin(1 << 20000)))
sys.set_int_max_str_digits(6000)
print(len(str(10 ** 5000)), int("1" * 5000) % 1000007)
try:
    sys.set_int_max_str_digits(100)
except ValueError as error:
    print(error)
sys.set_int_max_str_digits(0)
big = 3 ** 20000
text = str(big)
print(len(text), text[:10], text[-10:], int(text) == big)
