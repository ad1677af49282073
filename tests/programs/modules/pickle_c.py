# The accelerator of pickle: its bytes, what it reads back, its errors.
import collections, copyreg, datetime, decimal, enum, fractions, io, pickle, _pickle, sys
from _pickle import dumps, loads, Pickler, Unpickler, PickleBuffer


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


class Slotted:
    __slots__ = ("a", "b")


class Newargs(int):
    def __new__(cls, value, *, unit):
        self = super().__new__(cls, value)
        self.unit = unit
        return self

    def __getnewargs_ex__(self):
        return (int(self),), {"unit": self.unit}


class Color(enum.Enum):
    RED = 1


class Bag(list):
    pass


class Map(dict):
    pass


class Outer:
    class Inner:
        def method(self):
            pass


Pair = collections.namedtuple("Pair", "a b")


def show(text):
    print(text if len(text) < 300 else (len(text), text[:60], text[-60:]))


point = Point(1, [2, (3,)])
point.me = point
slotted = Slotted()
slotted.a = 1
bag = Bag([1, 2, 3])
bag.name = "bag"
loop = []
loop.append((loop,))
tuple_loop = ([],)
tuple_loop[0].append(tuple_loop)
long = list(range(2500))
values = [
    None, True, False, 0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63, -2**63, 2**2040, -1 << 300,
    1.5, -0.0, float("inf"), "abc", "é", "\ud800x", "a\\b\nc\0", "x" * 300, b"", b"abc", b"\xff" * 300, bytearray(b"ab"), (), (1,),
    (1, 2, 3), (1, 2, 3, 4), [], [1], [1, 2], {}, {"a": 1}, {"a": 1, "b": [2]}, set(), {7}, frozenset(), frozenset([7]), point, slotted,
    Newargs(5, unit="m"), Color.RED, bag, Map(a=1), Pair(1, 2), loop, tuple_loop, len, print, Point, Outer.Inner, Outer.Inner.method,
    type(None), type(...), ..., NotImplemented, int, ValueError("x", 1), range(3), slice(1, 2, None), 1 + 2j, datetime.date(2020, 1, 2),
    decimal.Decimal("1.5"), fractions.Fraction(1, 3), collections.OrderedDict(a=1), collections.deque([1, 2], 5), long, dict.fromkeys(long),
    collections.Counter("aab"), collections.defaultdict(list, a=[1]), [].append, "abc".upper, ["same", "same"], [point, point],
]
for proto in range(6):
    for value in values:
        try:
            data = dumps(value, proto)
        except Exception as error:
            print(proto, type(value).__name__, type(error).__name__, str(error)[:90].split(" at 0x")[0])
            continue
        show(data)
        again = loads(data)
        assert type(again) is type(value)
        assert dumps(again, proto) == data or type(value) in (set, frozenset), value
        assert pickle._loads(data) is not None or value is None

# Frames, large contents and files.
big = ["x" * 70000, b"y" * 70000, ["z" * 500] * 3, "w" * 100]
for proto in (3, 4, 5):
    chunks = []

    class File:
        def write(self, data):
            chunks.append(bytes(data))

    _pickle.dump(big, File(), proto)
    print(proto, [len(chunk) for chunk in chunks], b"".join(chunks) == dumps(big, proto), loads(b"".join(chunks)) == big)
file = io.BytesIO()
for item in ("one", [2], {"three": 3}):
    _pickle.dump(item, file, 2)
file.seek(0)
print([_pickle.load(file) for _ in range(3)], file.tell())
try:
    _pickle.load(file)
except EOFError as error:
    print(error)
buffered = io.BufferedReader(io.BytesIO(dumps(1) + dumps([2]) + b"rest"))
print(_pickle.load(buffered), _pickle.load(buffered), buffered.read())


# Hooks.
class Persistent(Pickler):
    def persistent_id(self, obj):
        return ("id", obj.x) if isinstance(obj, Point) else None


class Resolve(Unpickler):
    def persistent_load(self, pid):
        return f"resolved {pid}"


for proto in (1, 2, 5):
    file = io.BytesIO()
    Persistent(file, proto).dump([point, 1])
    file.seek(0)
    print(Resolve(file).load())


class Reducing(Pickler):
    def reducer_override(self, obj):
        if isinstance(obj, Point):
            return complex, (obj.x, 2)
        return NotImplemented


file = io.BytesIO()
Reducing(file).dump([point, {1: point}, len])
print(loads(file.getvalue()))
file = io.BytesIO()
pickler = Pickler(file)
pickler.dispatch_table = copyreg.dispatch_table.copy()
pickler.dispatch_table[Point] = lambda point: (divmod, (17, 5))
pickler.dump([point])
pickler.dump([point])
print(loads(file.getvalue()), file.getvalue()[-12:])
pickler.clear_memo()
print(type(pickler.memo).__name__, pickler.memo.copy(), pickler.bin, pickler.fast)

# Buffers.
data = bytearray(b"some bytes")
buffers = []
stream = dumps([PickleBuffer(data), PickleBuffer(b"read only")], 5, buffer_callback=buffers.append)
print(stream, len(buffers))
again = loads(stream, buffers=buffers)
print([bytes(item) for item in again], [memoryview(item).readonly for item in again])
print(loads(dumps([PickleBuffer(data), PickleBuffer(b"read only")], 5)))
buffer = PickleBuffer(data)
print(buffer.raw().tolist()[:3], bytes(buffer))
buffer.release()


def attempt(function, *args, **kwargs):
    try:
        print(function(*args, **kwargs))
    except BaseException as error:
        print(type(error).__name__, str(error).split(" at 0x")[0], getattr(error, "__notes__", []))


class Broken:
    def __init__(self, result):
        self.result = result

    def __reduce_ex__(self, proto):
        return self.result


attempt(memoryview, buffer)
attempt(dumps, PickleBuffer(b""), 4)
attempt(dumps, 1, 6)
attempt(dumps, 1, 3, buffer_callback=print)
attempt(dumps, lambda: 0)
attempt(dumps, {"key": [1, (2, {"inner": sys})]})
attempt(dumps, {1, sys}.__class__([1]) and [frozenset([sys])])
for result in (1, (), (1, 2), (len, 3), (len, (), None, 5), (len, (), None, None, 5), (len, (), None, None, None, 5), "nowhere", (len,) * 7,
               (len, (), None, iter([sys])), (len, (), None, None, iter([(1, sys)])), (len, (), sys), (len, (sys,)), (sys.exit, (), None, None, iter([3]))):
    attempt(dumps, Broken(result))
    attempt(dumps, [Broken(result)], 2)
for text in (b"", b"\x80", b"\x80\x09.", b"(", b"1", b"K", b"Kx", b"x", b"\xff", b"a", b"]a.", b"h\x01.", b"g5\n.", b"Ix\n.", b"I1", b"S'a\n.", b"cnowhere\nx\n.",
             b"cbuiltins\nnothing\n.", b"Pabc\n.", b"\x97.", b"N\x98.", b"\x82\xf0.", b"\x82\x00.", b"K\x01K\x01R.", b"K\x01)\x81.", b"]}b.", b"}(K\x01u.",
             b"\x95\x05\x00\x00\x00\x00\x00\x00\x00K", b"X\x05\x00\x00\x00ab", b"X\x01\x00\x00\x00\xff.", b"U\x01\xff.", b"\x8b\xff\xff\xff\xff.", b"p0\n.", b"Np-1\n.",
             b"\x8c\x01a\x93.", b"N\x8c\x01a\x93.", b"(lN.", b"0.", b"(0N."):
    attempt(loads, text)
attempt(loads, "text")
attempt(loads, b"U\x01\xe9.", encoding="latin-1")
attempt(loads, b"U\x01\xe9.", encoding="bytes")
attempt(loads, b"S'a\\nb'\n.")
print(loads(b"cos.path\njoin\n.").__name__)
attempt(loads, b"c__builtin__\nxrange\n(K\x03tR.")
attempt(Pickler, 1)
attempt(Unpickler, 1)
attempt(Pickler.__new__(Pickler).dump, 1)
attempt(Unpickler.__new__(Unpickler).load)
print(pickle.Pickler is Pickler, pickle.PicklingError.__module__, pickle.PicklingError.__mro__)
