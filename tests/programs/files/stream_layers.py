# Buffers over raw streams of Python classes, and encodings with a state.
import io
import pickle


class Raw(io.RawIOBase):
    def __init__(self, data=b""):
        self.data = io.BytesIO(data)
        self.log = []

    def readable(self):
        return True

    def writable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, buffer):
        self.log.append("readinto")
        return self.data.readinto(buffer)

    def write(self, data):
        self.log.append(("write", bytes(data)))
        return self.data.write(data)

    def seek(self, offset, whence=0):
        return self.data.seek(offset, whence)

    def tell(self):
        return self.data.tell()


raw = Raw(b"one\ntwo\nthree\nrest")
reader = io.BufferedReader(raw)
print(reader.peek(2)[:3], reader.tell(), reader.read(2), reader.readline(), reader.tell())
print(reader.seekable(), reader.readable(), reader.writable(), reader.raw is raw)
buffer = bytearray(5)
print(reader.readinto(buffer), buffer, reader.readinto1(memoryview(buffer)[:2]), buffer)
print(reader.seek(4), list(reader), reader.read())
reader.close()
print(reader.closed, raw.closed)
for operation in (reader.read, reader.peek):
    try:
        operation()
    except ValueError as error:
        print(type(error).__name__)

raw = Raw()
writer = io.BufferedWriter(raw, buffer_size=8)
print(writer.write(b"abc"), raw.log, writer.flush(), raw.log)
print(writer.write(b"0123456789"), writer.detach() is raw)
try:
    writer.write(b"x")
except ValueError as error:
    print("detached")

pair = io.BufferedRWPair(Raw(b"in"), Raw())
print(pair.read(1), pair.write(b"out"), pair.readable(), pair.writable(), pair.peek(1))
pair.close()

text = io.TextIOWrapper(Raw(b"a\r\nb\rc\xc3\xa4"), encoding="utf-8")
print(text.readline(), text.read(), text.newlines)

for encoding in ("utf-16", "utf-32", "utf-8-sig", "utf-16-le", "utf-7", "cp037"):
    with open("text", "w", encoding=encoding) as file:
        file.write("first ä\n")
        file.write("second\n")
    with open("text", "rb") as file:
        print(encoding, file.read())
    with open("text", encoding=encoding) as file:
        print(file.readline(), file.encoding, file.mode, file.name)
        place = file.tell()
        rest = file.read()
        file.seek(place)
        print(rest == file.read(), rest)
    with open("text", "a", encoding=encoding) as file:
        file.write("third\n")
    with open("text", encoding=encoding) as file:
        print(list(file))

with open("text", "w") as file:
    file.write("1\n2\n3\n")
with open("text") as file:
    for line in file:
        try:
            file.tell()
        except OSError as error:
            print(error)
            break
    file.seek(0)
    print(file.tell(), file.buffer.raw.closed)
print(file.closed, file.buffer.closed, file.buffer.raw.closed, repr(file.buffer.raw))

memory = io.StringIO("a\r\nb\n", newline=None)
memory.extra = 5
memory.read(1)
again = pickle.loads(pickle.dumps(memory))
print(again.read(), again.getvalue(), again.newlines, again.extra)
again = pickle.loads(pickle.dumps(io.BytesIO(b"abc")))
print(again.getvalue(), again.tell())
print(io.StringIO("x\ry", newline="").newlines, io.BytesIO(b"ab").seek(-5, 2))


class Lender:
    def __buffer__(self, flags):
        return memoryview(b"lent")


memory = io.BytesIO()
print(memory.write(Lender()), memory.getvalue())
for bad in (lambda: memory.write("str"), lambda: memory.read("1"), lambda: memory.readinto(b"xx"), lambda: io.StringIO().write(b"")):
    try:
        bad()
    except TypeError as error:
        print(error)
for base in (io.BufferedIOBase(), io.TextIOBase()):
    for method in ("read", "write", "detach"):
        try:
            getattr(base, method)(*([b"" if isinstance(base, io.BufferedIOBase) else ""] if method == "write" else []))
        except io.UnsupportedOperation as error:
            print(type(base).__name__, error)
