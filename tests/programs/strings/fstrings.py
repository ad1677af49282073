name, age, pi, items = "Ann", 30, 3.14159, [1, 2, 3]
print(f"{name} is {age}", f"{name!r:>8} {name:*^9}", f"{pi:.2f} {pi:{8}.{3}}|", f"{age + 1} {age * 2 if age > 18 else 0}", f"{items[0]} {items[-1]} {len(items)}")
print(f"{age=} {pi = } {name=!s} {age=:5} {items[1]=} {len(name) = :03}", f"{{literal}} {{{age}}}", f"{'nested ' + 'quotes'} {"same quotes"} {f'{f"{1 + 1}"}'}")
print(f"{age:b} {age:#x} {age:05d} {1e10:,} {0.5:%} {age!r} {True} {None} {name:>{age // 3}}", f"{(lambda x: x * 2)(3)} {[x for x in items if x > 1]} { {'a': 1}['a'] } {(1, 2)[0]}")
print(f'''multi
{name}
line''', f"{
    age
    + 1
}", f"a" "b" f"{1}" r"\n" rf"\{2}", f"tab\t{'\t'}|", f"{'a' 'b'}", f"{name[0]}{name[1:]!r}")
width, precision = 10, 4
print(f"{pi:{width}.{precision}}|", f"{'x':{'>'}{width}}|", f"{pi:{'.2f'}}", f"{age:{'0'}>{6}}")
print(f"{'a' if age else 'b'}", f"{age:{width}}", f"{not age}", f"{age == 30}", f"{age != 30!s}", f"{(age := 5)}", age, f"{name.upper()}{name.lower()!r}")


def f(x):
    return f"<{x}>"


print(f"{f(f'{f(1)}')}", "".join(f"{i}{'-' if i < 2 else ''}" for i in range(3)), f"{'\n'.join(['a', 'b'])}")
print(f"{3.0} {1e-7} {-0.0} {float('nan')} {10 ** 20} {b'x'} {'é'!a} {...}", f"", f"{''}", f"{'':5}|", f"{0:}", f"{1:{''}}")


class P:
    def __str__(self):
        return "S"

    def __repr__(self):
        return "R"

    def __format__(self, spec):
        return "F" + spec


print(f"{P()} {P()!s} {P()!r} {P():x} {P()!s:>3} {P()=} {P()=:q}")
for bad in ("f'{1:d}' f'{\"a\":d}'", "f'{undefined}'", "f'{1/0}'", "f'{[].x}'", "f'{5:s}'"):
    try:
        print(eval(bad))
    except Exception as error:
        print(type(error).__name__, error)
for bad in ("f'{}'", "f'{a'", "f'}'", "f'{a!x}'", "f'{a b}'", "f'{lambda x: 1}'", "f'{a!}'", "f'{*a}'", "f'{=}'", "f'{a:{b}'"):
    try:
        eval(bad)
    except SyntaxError as error:
        print(bad, error.msg)
