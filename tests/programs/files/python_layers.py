# Streams over objects of Python classes: tracebacks tell of the program's functions only, and an exception keeps no stream alive.
import io
import sys
import traceback


class Source(io.RawIOBase):
    def readable(self):
        return True

    def readinto(self, buffer):
        raise KeyError('nothing')

    def close(self):
        if not self.closed:
            print('closed')
        super().close()


def attempt(make, name):
    getattr(make(), name)()


for make, name in [
    (lambda: io.BufferedReader(Source()), 'readline'),
    (lambda: io.BufferedReader(Source()), 'read'),
    (lambda: io.TextIOWrapper(io.BufferedReader(Source())), 'read'),
    (lambda: io.TextIOWrapper(io.BufferedReader(Source())), 'readline'),
]:
    try:
        attempt(make, name)
    except KeyError as error:
        print('caught')
        traceback.print_exc(file=sys.stdout)
        entry = error.__traceback__
        while entry.tb_next:
            entry = entry.tb_next
        print(entry.tb_frame.f_code.co_name, entry.tb_frame.f_back.f_code.co_name)


# Cycles are finalised from the outside in: a stream that cannot be flushed any more would tell.
import gc


class Outer:
    def __init__(self):
        self.file = io.BufferedWriter(Sink())
        self.me = self

    def __del__(self):
        self.file.write(b'last words')
        self.file.close()


class Sink(io.RawIOBase):
    def writable(self):
        return True

    def write(self, data):
        print(bytes(data))
        return len(data)


for _ in range(3):
    Outer()
gc.collect()
