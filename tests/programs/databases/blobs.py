# Blobs: parts of values.
import sqlite3

memory = sqlite3.connect(":memory:")
memory.execute("create table b(data blob)")
memory.execute("insert into b values(zeroblob(10))")
with memory.blobopen("b", "data", 1) as blob:
    blob.write(b"hello")
    blob[9] = 33
    blob[5:8] = b"abc"
    blob.seek(0)
    print(len(blob), blob.read(4), blob.tell(), blob.read(), blob[0], blob[-1], blob[1:4], blob[::3])
    for action in (lambda: blob.write(b"x"), lambda: blob[10], lambda: blob.seek(11), lambda: blob["a"]):
        try:
            action()
        except Exception as error:
            print(type(error).__name__, error)
print(memory.execute("select * from b").fetchone())
try:
    blob.read()
except sqlite3.ProgrammingError as error:
    print(error)
try:
    memory.blobopen("b", "data", 7)
except sqlite3.OperationalError as error:
    print(error)
memory.close()
