a = bytearray(b"hello")
a[0] = 72
a[1:3] = b"EEE"
print(a, len(a))
a.append(33); a.extend(b"??"); a.extend([65, 66]); a += b"!"; a *= 2
print(a)
a.insert(0, 62); print(a.pop(), a.pop(0)); a.remove(63); a.reverse(); print(a)
del a[0], a[2:4], a[::2]
print(a, a.copy() == a, a.copy() is a)
a.clear(); print(a, bool(a), bytearray(3), bytearray("é", "latin-1"), bytearray([1, 2]))
a = bytearray(range(10))
a[::2] = b"\xff" * 5
print(a.hex(), a[2:4], a[-1], 255 in a, a.find(b"\xff\x03"), bytes(a) == a, a.count(255))
m = memoryview(a)
m[0] = 1
print(a[0], m[1:3].tobytes(), m.readonly, m.nbytes, m.format, m.itemsize, m.shape)
try:
    a.append(1)
except BufferError as error:
    print(error)
m.release()
a.append(1)
print(len(a))
for bad in ("a.append(256)", "a.append('x')", "a.append(-1)", "a.pop(99)", "a.remove(200)", "a.extend('x')", "bytearray().pop()", "a.insert(0, 'x')", "hash(a)", "{a: 1}", "a.extend(5)", "bytearray('x')"):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
for statement in ("a[0] = 256", "a[99] = 1", "a[0] = 'x'", "a[::2] = b'1'", "a[0:2] = 5", "del a[99]", "a[0:1] = 'x'", "b'abc'[0] = 1"):
    try:
        exec(statement)
    except Exception as error:
        print(statement, "->", type(error).__name__, error)
