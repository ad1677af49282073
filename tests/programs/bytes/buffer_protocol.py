# Objects that lend their bytes (PEP 688), and views that outlive a call.
import weakref


class Lender:
    def __init__(self):
        self.data = bytearray(b"hello")
        self.lent = 0

    def __buffer__(self, flags):
        self.lent += 1
        return memoryview(self.data)

    def __release_buffer__(self, view):
        self.lent -= 1


lender = Lender()
with memoryview(lender) as view:
    print(view.tobytes(), lender.lent)
    view[0] = ord("j")
print(lender.lent, bytes(lender), lender.lent)
view = memoryview(b"abc")
print(hash(view) == hash(b"abc"))
view.release()
print(hash(view) == hash(b"abc"))
print(bytes(b"abc".__buffer__(0)), weakref.ref(memoryview(b"x"))() is None)
for flags in (1, 0x100):
    try:
        b"abc".__buffer__(flags)
    except (BufferError, SystemError) as error:
        print(type(error).__name__)
half = memoryview(bytearray(4)).cast("e")
half[0] = 1.5
half[1] = -0.25
print(half.tolist(), half.tobytes())
print(memoryview(b"\0\2").cast("?") == memoryview(b"\0\4").cast("?"))


class Index:
    def __index__(self):
        return 1


grid = memoryview(bytes(range(6))).cast("B", (2, 3))
print(grid[Index(), 2], memoryview(b"abc")[Index()])
for key in ((slice(1), slice(1)), (0, slice(1)), "x"):
    try:
        grid[key]
    except (NotImplementedError, TypeError) as error:
        print(type(error).__name__, error)
