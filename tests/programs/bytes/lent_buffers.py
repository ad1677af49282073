# Buffers that Python code lends, and takes back.
class Lender:
    def __init__(self, contents):
        self.contents = contents

    def __buffer__(self, flags):
        return memoryview(self.contents)

    def __release_buffer__(self, view):
        self.view = view


class Told(bytearray):
    def __release_buffer__(self, view):
        for use in (memoryview, lambda view: view.cast("b"), lambda view: view[:1], lambda view: view.toreadonly()):
            try:
                use(view)
            except ValueError as error:
                print(error)
        print(view.tobytes())
        super().__release_buffer__(view)
        self.kept = view


lender = Lender(bytearray(b"abc"))
with memoryview(lender) as view:
    print(view.tobytes())
print(lender.view.tobytes())
try:
    lender.contents.clear()
except BufferError as error:
    print(error)
lender.view.release()
lender.contents.clear()

told = Told(b"xyz")
with memoryview(told) as view:
    print(view.tobytes())
told.clear()
try:
    told.kept.tobytes()
except ValueError as error:
    print(error)
try:
    told.__release_buffer__(memoryview(b"other"))
except ValueError as error:
    print(error)

array = bytearray(b"1")
array.extend(Lender(b"23"))
print(array)
with memoryview(array):
    array.resize(3)
    for resize in (lambda: array.extend(Lender(b"4")), lambda: array.resize(2)):
        try:
            resize()
        except BufferError as error:
            print(error)


class Text(bytes):
    pass


class Given:
    def __bytes__(self):
        return Text(b"given")


print(type(bytes(Given())), type(Text(Given())))


class Indexed(bytes):
    def __index__(self):
        raise TypeError


print(bytearray(Indexed(b"contents")))


class Slots(bytearray):
    __slots__ = ("x", "__dict__")


slots = Slots(b"a")
slots.x, slots.y = 1, 2
import copy
again = copy.copy(slots)
print(again, again.x, again.y)
