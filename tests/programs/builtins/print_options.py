import sys

print(1, 2, 3, sep=", ")
print("a", "b", sep="")
print("no newline", end="")
print(" continued", end="\n\n")
print()
print(None, True, [1], {"a": 1}, sep="|")
print("x", sep=None, end=None)
print("to stderr", file=sys.stderr)
print("flushed", flush=True)
print(*range(5), sep="\n")
print("é中😀", "\t tab", "back\\slash")
sys.stdout.write("written\n")
print(sys.stdout.write("abc\n"))
sys.stderr.write("err\n")


class Out:
    def __init__(self):
        self.parts = []

    def write(self, text):
        self.parts.append(text)

    def flush(self):
        self.parts.append("<flush>")


out = Out()
print("to", "object", file=out, sep="-", end="!", flush=True)
print(out.parts)
old, sys.stdout = sys.stdout, out
print("captured")
sys.stdout = old
print(out.parts)


class S:
    def __str__(self):
        return "S-str"


print(S(), [S.__name__], end="END\n")
for bad in (dict(sep=1), dict(end=1), dict(foo=1), dict(file=5)):
    try:
        print("x", **bad)
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)


class Broken:
    def __str__(self):
        return 5


try:
    print(Broken())
except TypeError as error:
    print(error)
