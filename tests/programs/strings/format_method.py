print("{} {}".format(1, 2), "{1} {0}".format("a", "b"), "{a} {b}".format(a=1, b=2), "{0[1]} {0[k]}".format({"k": "v", 1: "one"}), "{0.real} {0.__class__.__name__}".format(5))
print("{:>5}|{:<5}|{:^5}|{:*^7}|{:05d}|{:+}|{:,}|{:_}".format("a", "b", "c", "d", 42, 7, 1234567, 1234567))
print("{:b} {:o} {:x} {:X} {:#x} {:c} {:e} {:f} {:g} {:%} {:n}".format(10, 8, 255, 255, 255, 65, 1234.5, 2.5, 0.0001, 0.25, 1234))
print("{!r} {!s} {!a}".format("é", "é", "é"), "{{}} {{{0}}}".format(5), "{:{}}|{:{w}.{p}f}".format("x", 5, 3.14159, w=10, p=2), "{0:{1}{2}}".format("q", ">", 4))
print(format(5, "03"), format("x", ">3"), format(1.5, ".2f"), format(True), format(True, "d"), format(None), format([1]), format(255, "#010b"), format(-5, "=5"), format(3, "<5") + "|")
print("{:10.3}|{:.1}|{:5}|{:<5}|".format("abcdef", "xyz", 1, 1), "{:,.2f}".format(1e6), "{:_x}".format(2 ** 40), "{:+.1e}".format(12345), "{:z.1f}".format(-0.01))
print("{x[0]} {x[1][b]}".format(x=[1, {"b": 2}]), "{0} {0!r:>5}".format("z"), "{}".format("{}"), "{a.b.c}".format(a=type("A", (), {"b": type("B", (), {"c": 9})})))
print("{}-{}".format(*"ab"), "{k}".format_map({"k": 5}), str.format("{}", 1))


class Missing(dict):
    def __missing__(self, key):
        return f"<{key}>"


print("{a} {b}".format_map(Missing(a=1)))


class Money:
    def __format__(self, spec):
        return f"money[{spec}]"


print("{:>x.y}".format(Money()), f"{Money():abc}", format(Money(), "q"), f"{Money()}")
for bad in ('"{} {}".format(1)', '"{0} {}".format(1, 2)', '"{} {0}".format(1)', '"{a}".format()', '"{".format()', '"}".format()', '"{0[x]}".format([1])', '"{0.x}".format(1)', '"{:d}".format("a")', '"{:s}".format(5)', '"{:.2d}".format(5)',
            '"{:q}".format(5)', '"{!z}".format(5)', '"{:,s}".format("a")', '"{0[}".format(1)', 'format(1, 2)', '"{:x}".format(1.5)', '"{:5}".format([])', '"{:c}".format(-1)', '"{:=5}".format("a")', '"{!}".format(1)', '"{:>>>5}".format(1)', '"{a b}".format()',
            '"{:+}".format("a")', '"{:,_}".format(1)', '"{:.}".format(1.0)', '"{:99999999999999999999}".format(1)', 'format(3.5, "d")', '"{0[0]}".format(5)'):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
