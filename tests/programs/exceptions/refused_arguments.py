# Arguments that builtins refuse: a precision without measure, views with steps, threading.local without __init__.
import binascii, threading, zlib

def attempt(call):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)

attempt(lambda: "%.*d" % (2**31 - 1, 1))
attempt(lambda: b"%.*x" % (2**31 - 1, 1))
class Local(threading.local):
    pass
class WithInit(threading.local):
    def __init__(self, value):
        self.value = value
attempt(lambda: Local(1))
attempt(lambda: threading.local(a=1))
attempt(lambda: WithInit(3).value)
for args in (), ("",), ("", 1, 2), (b"", 1, 2, "x"), ("", 1, 2, b""), ("", "a", 2, ""), ("", 1, 2, "x", 4), ("ab", 0, 1, "why"):
    attempt(lambda: repr(UnicodeTranslateError(*args)))
view = memoryview(b"abcd")
for call in binascii.hexlify, binascii.crc32, binascii.b2a_base64, zlib.crc32, zlib.compress:
    attempt(lambda: call(view[::2]))
    attempt(lambda: call(view[1:3]))
attempt(lambda: bytes(view[::2]))
