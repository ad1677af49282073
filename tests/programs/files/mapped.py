# mmap: a file's bytes as an array.
import mmap
import os

with open('mapped.bin', 'wb') as file:
    file.write(b'Hello\nworld\n' + bytes(20))
with open('mapped.bin', 'r+b') as file:
    with mmap.mmap(file.fileno(), 0) as m:
        print(len(m), m[:5], m[0], m[-1], m.readline(), m.tell(), m.read(3), m.size())
        m[0] = 74
        m[6:11] = b'WORLD'
        print(m.find(b'WO'), m.rfind(b'l'), m.find(b'zz'), m.seek(0), m.seek(-2, 2), m.read_byte())
        m.seek(0)
        print(m.write(b'Y'), m.tell())
        m.move(20, 0, 5)
        m.flush()
        for action in (lambda: m[100], lambda: m.seek(1000), lambda: m.__setitem__(0, 300), lambda: m.__setitem__(slice(0, 2), b'x'), lambda: m['a']):
            try:
                print(action())
            except (IndexError, ValueError, TypeError) as error:
                print(type(error).__name__, error)
    print(m.closed)
    try:
        m.read()
    except ValueError as error:
        print(error)
print(open('mapped.bin', 'rb').read())
with open('mapped.bin', 'rb') as file, mmap.mmap(file.fileno(), 5, access=mmap.ACCESS_READ) as m:
    print(m[:], list(m)[:2])
    for action in (lambda: m.write(b'x'), lambda: m.__setitem__(0, 1)):
        try:
            action()
        except TypeError as error:
            print(error)
with open('mapped.bin', 'r+b') as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as m:
    m[0:3] = b'abc'
    print(m[:5])
print(open('mapped.bin', 'rb').read(5))
m = mmap.mmap(-1, 10)
m.write(b'anonymous')
print(m[:], bytes(m[2:4]), b'nym' in m[:], len(m))
m.close()
for args in ((-1, -1), (-1, 'x')):
    try:
        mmap.mmap(*args)
    except (OverflowError, TypeError) as error:
        print(type(error).__name__)
os.unlink('mapped.bin')
