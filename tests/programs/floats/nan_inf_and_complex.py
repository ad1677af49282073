nan, inf = float("nan"), float("inf")
print(nan in [nan], nan == nan, [nan] == [nan], nan != nan, nan < 1, nan > 1, {nan: 1}[nan])
print(inf > 10 ** 1000, -inf < -10 ** 1000, inf == inf, inf - inf, inf * 0, -inf, inf + 1, 1 / inf, inf // 1, 5 % inf, -5 % inf)
print(sorted([3.0, inf, -inf, 0.0, -1.5]), max([1.0, nan]), min([nan, 1.0]), round(inf, 1))
z = 3 + 4j
print(z, abs(z), z.real, z.imag, z.conjugate(), -z, z * z, z / (1 - 1j), z ** 2, z ** 0.5, z == 3 + 4j)
print(1j * 1j, complex(1, -0.0), complex("1+2j"), complex("-3j"), complex(2), 0j, -0j, 1e3j, complex(1.5, 2.5), 1 + 0j == 1)
print(repr(1j), str(2 - 3j), f"{z:.2f}", f"{z}", hash(1 + 0j) == hash(1), complex(inf, nan), bool(0j), bool(1j))
for bad in ("z < 1", "complex('x')", "z // 1", "z % 2", "int(z)", "float(z)", "complex('1', 2)", "complex(1, '2')", "1j / 0", "complex('1 + 2j')", "round(z)", "divmod(z, 1)"):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)


class C:
    def __complex__(self):
        return 2 + 1j


print(complex(C()), sum([1j, 2j, 3]), pow(2j, 2), (1 + 2j).__class__.__name__)
