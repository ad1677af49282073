with open("notes.txt", "w") as f:
    print(f.write("first line\n"), f.writelines(["second\n", "third\n"]), f.name, f.mode, f.closed)
print(f.closed)
with open("notes.txt") as f:
    print(f.read(5), f.readline(), f.readlines(), repr(f.read()))
with open("notes.txt", "a", encoding="utf-8") as f:
    f.write("vierte Zeile: äöü\n")
for i, line in enumerate(open("notes.txt", encoding="utf-8"), 1):
    print(i, line.rstrip())
with open("notes.txt", "rb") as f:
    data = f.read()
    print(len(data), data[:5], f.seek(6), f.read(4), f.tell())
with open("notes.txt", "r+") as f:
    f.seek(0)
    f.write("FIRST")
print(open("notes.txt", encoding="utf-8").read().split("\n")[0])
try:
    f.read()
except ValueError as error:
    print(error)
try:
    open("no/such/file.txt")
except FileNotFoundError as error:
    print(type(error).__name__, error.strerror, error.filename)
for bad in (lambda: open("x", "q"), lambda: open("x", "rw"), lambda: open("notes.txt", "x"), lambda: open("notes.txt", "rb", encoding="utf-8"), lambda: open(), lambda: open("notes.txt").write("x"), lambda: open("notes.txt", "wb").write("text")):
    try:
        bad()
    except (ValueError, TypeError, OSError) as error:
        print(type(error).__name__, getattr(error, "strerror", None) or error)
import io
s = io.StringIO()
print("into", "memory", file=s)
print(repr(s.getvalue()), io.StringIO("a\nb").readlines(), io.BytesIO(b"abc").read(2))
import os
os.remove("notes.txt")
print(os.path.exists("notes.txt"), os.path.join("a", "b"), os.path.splitext("x.tar.gz"), os.path.basename("/a/b.c"))

