# Names of types in messages, unions, conditions in patterns, byte order marks, XML in pieces, times of Python code.
import collections
import contextvars
import dataclasses
import datetime
import functools
import inspect
import io
import itertools
import re
import time
import types
import typing
import unicodedata
from xml.parsers import expat


def attempt(function):
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)


day = datetime.date(2024, 2, 29)
for value in [day, collections.deque(), itertools.count(), functools.partial(int), re.compile("a"),
              re.match("a", "a"), types.SimpleNamespace(), time.gmtime(0), types.MappingProxyType({})]:
    attempt(lambda: value + object)
    attempt(lambda: value(1, 2))
    attempt(lambda: [1][value])
    attempt(lambda: int(value))
    attempt(lambda: "".join([value]))
    attempt(lambda: setattr(value, "zzz", 1) and None)
attempt(lambda: iter(re.match("a", "a")))
attempt(lambda: iter(int | str))
print(list.__hash__, dict.__hash__, isinstance([], collections.abc.Hashable))


@attempt
def mutable_default():
    @dataclasses.dataclass
    class Basket:
        items: list = []


made = dataclasses.make_dataclass("Point", ["x", "y"])
print(made.__module__, made(1, 2))
print((typing.Union[int, "A"] | "B").__args__)
attempt(lambda: int | "A")


class Pairs(typing.Tuple[typing.TypeVar("T"), ...]):
    pass


print(Pairs[int]().__orig_class__)
print(re.findall("(?i)[i\u0131]", "I\u0130\u0131i"), re.findall("(?i)\u0130", "I\u0130\u0131i"))
print(re.findall(r"((?:( )*(?(1)\d)){1,}?)(?(1).{0}?)", "2"))
print(re.match("(a)(b)", "ab").group(True), re.compile("(?P<n>a)").groupindex)
attempt(lambda: re.compile("(?P<n>a)").groupindex.pop("n"))
for encoding in ["utf-16", "utf-8-sig", "utf-32"]:
    raw = io.BytesIO()
    text = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    for word in ["ab", "c", "d"]:
        text.write(word)
        text.flush()
    print(raw.getvalue())
table = collections.defaultdict(lambda: 3)
table["a"] += 1
print(table["a"], collections.defaultdict.default_factory.__class__, hasattr(table, "__dict__"))
attempt(lambda: setattr(table, "zzz", 1))
first, second = contextvars.Context(), contextvars.Context()
print(first == second, contextvars.copy_context() == contextvars.copy_context())
attempt(lambda: contextvars.Context(1))
attempt(lambda: first.run())
print(inspect.signature(object), inspect.signature(classmethod), inspect.signature(type("A", (), {})))
print(time.strftime("%Y \ud83d %d", time.gmtime(0)).encode("ascii", "backslashreplace"))
print(time.gmtime(0).tm_zone, time.struct_time(range(9)).tm_zone)
attempt(lambda: time.asctime((2**40, 1, 1, 0, 0, 0, 0, 1, 0)))
print(type(unicodedata.normalize("NFC", type("S", (str,), {})("abc"))))


def parse(*pieces):
    seen = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: seen.append((name, attributes))
    parser.CharacterDataHandler = seen.append
    try:
        for at, piece in enumerate(pieces):
            parser.Parse(piece, at == len(pieces) - 1)
            seen.append("|")
    except expat.ExpatError as error:
        seen.append(str(error))
    print(seen)


parse(b"<doc", b">", b"abc</doc>")
parse(b"<a>\xc3")
parse(b"foobar<")
parse("<a>".encode("utf-16")[:-1])
parse(b"<?xml version='1.0' encoding='latin-1'?><a>" + b"x" * 1500 + b"</a>")
parse(b"<?xml version='1.0' encoding='cp037'?><a/>")
