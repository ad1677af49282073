print("%s %d %i %u" % ("a", 5, -5, 7), "%5d|%-5d|%05d|%+d|% d" % (42, 42, 42, 42, 42), "%x %X %#x %o %#o" % (255, 255, 255, 8, 8))
print("%f %.2f %10.3f|%-10.1f|%e %E %g %G" % (1.5, 2.675, 3.14159, 2.5, 12345.678, 0.00012, 1e-5, 1e20))
print("%c%c" % ("a", 98), "%r %a" % ("é", "é"), "%10s|%-10s|%.2s|%5.1s|" % ("abc", "abc", "abc", "abc"), "%%" % ())
print("%(name)s is %(age)d" % {"name": "Ann", "age": 30}, "%(a)s" % {"a": (1, 2)}, "%s" % [1, 2], "%s" % (None,), "%s %s" % (True, 1.0))
print("%*d|%-*d|%.*f" % (5, 42, 5, 42, 2, 3.14159), "%s" % {"a": 1}, "%d" % True, "%d" % 3.99, "%x" % 2 ** 70, "%d" % 10 ** 20, "%i" % -0.5)
print("%s, %s" % ("a", "b"), "%s" % ("only",), "no args" % (), "no args" % {}, "%ld %hd" % (1, 2), "%s" % b"x")


class V:
    def __str__(self):
        return "str-V"

    def __repr__(self):
        return "repr-V"

    def __int__(self):
        return 7

    def __float__(self):
        return 2.5

    def __index__(self):
        return 9


print("%s %r %d %f %x" % (V(), V(), V(), V(), V()))
for bad in ('"%d" % "x"', '"%s %s" % "a"', '"%s" % ("a", "b")', '"%x" % 1.5', '"%c" % "ab"', '"%c" % -1', '"%q" % 1', '"%(a)s" % 5', '"%(a)s" % {}', '"%" % 1', '"%d" % None', '"%f" % "x"', '"%*d" % ("a", 1)',
            '"abc" % 5', '"%(a" % {}', '"%s %(a)s" % {"a": 1}', '"%c" % 1.5', '"%d" % []', '"%.3d" % 5 + 1'):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
