"""Memory-mapped files, without mapping: a copy of the file's bytes, which flush() and close() write back.

What CPython's module of this name shows to one program is the same here, since nobody else looks at the session's files.
"""

import os

ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY = range(4)
MAP_SHARED, MAP_PRIVATE, MAP_ANON, MAP_ANONYMOUS = 1, 2, 32, 32
PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4
MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED = range(5)
PAGESIZE = ALLOCATIONGRANULARITY = 65536
error = OSError


class mmap:
    """mmap(fileno, length, flags=MAP_SHARED, prot=PROT_READ|PROT_WRITE, access=ACCESS_DEFAULT, offset=0, *, trackfd=True)

    The bytes of a file from offset on (all if length is 0), or length zero bytes if fileno is -1."""

    def __init__(self, fileno, length, flags=MAP_SHARED, prot=PROT_READ | PROT_WRITE, access=ACCESS_DEFAULT, offset=0, *, trackfd=True):
        if not isinstance(length, int):
            raise TypeError(f"'{type(length).__name__}' object cannot be interpreted as an integer")
        if length < 0:
            raise OverflowError("memory mapped length must be positive")
        if offset < 0:
            raise OverflowError("memory mapped offset must be positive")
        if access not in range(4):
            raise ValueError("mmap invalid access parameter.")
        if access != ACCESS_DEFAULT and (flags != MAP_SHARED or prot != PROT_READ | PROT_WRITE):
            raise ValueError("mmap can't specify both access and flags, prot.")
        self._readonly = access == ACCESS_READ or access == ACCESS_DEFAULT and not prot & PROT_WRITE
        self._private = access == ACCESS_COPY or access == ACCESS_DEFAULT and bool(flags & MAP_PRIVATE)
        self._offset = offset
        self._position = 0
        self._fd = -1
        if fileno == -1:
            self._data = bytearray(length)
            return
        size = os.fstat(fileno).st_size
        if length == 0:
            if size == 0:
                raise ValueError("cannot mmap an empty file")
            if offset >= size:
                raise ValueError("mmap offset is greater than file size")
            length = size - offset
        elif offset > size or size - offset < length:
            raise ValueError("mmap length is greater than file size")
        self._fd = os.dup(fileno)
        self._data = bytearray(os.pread(self._fd, length, offset))

    def _check(self):
        if self._data is None:
            raise ValueError("mmap closed or invalid")
        return self._data

    def _check_writable(self):
        data = self._check()
        if self._readonly:
            raise TypeError("mmap can't modify a readonly memory map.")
        return data

    @property
    def closed(self):
        return self._data is None

    def close(self):
        """Write changes back, and forget the memory."""
        if self._data is not None:
            self.flush()
            if self._fd >= 0:
                os.close(self._fd)
                self._fd = -1
            self._data = None

    def __del__(self):
        if getattr(self, "_data", None) is not None:
            self.close()

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *args):
        self.close()

    def flush(self, offset=0, size=None, /, *, flags=0):
        """Write changes back to the file."""
        data = self._check()
        size = len(data) - offset if size is None else size
        if offset < 0 or size < 0 or offset + size > len(data):
            raise ValueError("flush values out of range")
        if self._fd >= 0 and not self._readonly and not self._private:
            os.pwrite(self._fd, bytes(data[offset:offset + size]), self._offset + offset)

    def madvise(self, option, start=0, length=None, /):
        """A hint, which has no effect."""
        self._check()

    def size(self):
        """The length of the file."""
        data = self._check()
        return os.fstat(self._fd).st_size if self._fd >= 0 else len(data)

    def resize(self, newsize, /):
        """Change the length, the file's too."""
        data = self._check()
        if self._readonly or self._private:
            raise TypeError("mmap can't resize a readonly or copy-on-write memory map.")
        if newsize < 0:
            raise ValueError("new size out of range")
        if self._fd >= 0:
            self.flush()
            os.ftruncate(self._fd, self._offset + newsize)
        del data[newsize:]
        data.extend(bytes(newsize - len(data)))

    def tell(self):
        """The current position."""
        self._check()
        return self._position

    def seek(self, pos, whence=0, /):
        """Change the position: from the start, from the current one, or from the end."""
        data = self._check()
        if whence not in (0, 1, 2):
            raise ValueError("unknown seek type")
        position = pos + (0, self._position, len(data))[whence]
        if not 0 <= position <= len(data):
            raise ValueError("seek out of range")
        self._position = position
        return position

    def seekable(self):
        return True

    def read(self, n=None, /):
        """The next n bytes, or all that are left."""
        data = self._check()
        end = len(data) if n is None or n < 0 else min(self._position + n, len(data))
        piece = bytes(data[self._position:end])
        self._position = end
        return piece

    def read_byte(self):
        """The next byte as an int."""
        data = self._check()
        if self._position >= len(data):
            raise ValueError("read byte out of range")
        self._position += 1
        return data[self._position - 1]

    def readline(self):
        """The bytes up to the end of the line."""
        data = self._check()
        end = data.find(b"\n", self._position) + 1
        return self.read(end - self._position if end else None)

    def write(self, bytes, /):
        """Put bytes at the position."""
        data = self._check_writable()
        with memoryview(bytes) as view:
            contents = view.tobytes()
        if len(contents) > len(data) - self._position:
            raise ValueError("data out of range")
        data[self._position:self._position + len(contents)] = contents
        self._position += len(contents)
        return len(contents)

    def write_byte(self, byte, /):
        """Put a byte, given as an int, at the position."""
        data = self._check_writable()
        if self._position >= len(data):
            raise ValueError("write byte out of range")
        data[self._position] = byte
        self._position += 1

    def move(self, dest, src, count, /):
        """Copy count bytes from one place to another."""
        data = self._check_writable()
        if dest < 0 or src < 0 or count < 0 or max(dest, src) + count > len(data):
            raise ValueError("source, destination, or count out of range")
        data[dest:dest + count] = bytes(data[src:src + count])

    def find(self, view, start=None, end=None, /):
        """The lowest index of the bytes from start (the position by default) on, or -1."""
        return self._check().find(view, self._position if start is None else start, end)

    def rfind(self, view, start=None, end=None, /):
        """The highest index of the bytes from start (the position by default) on, or -1."""
        return self._check().rfind(view, self._position if start is None else start, end)

    def __len__(self):
        return len(self._check())

    def __getitem__(self, index):
        data = self._check()
        if isinstance(index, slice):
            return bytes(data[index])
        try:
            return data[index]
        except IndexError:
            raise IndexError("mmap index out of range") from None
        except TypeError:
            raise TypeError("mmap indices must be integers") from None

    def __setitem__(self, index, value):
        data = self._check_writable()
        if isinstance(index, slice):
            if len(value) != len(range(*index.indices(len(data)))):
                raise IndexError("mmap slice assignment is wrong size")
            data[index] = value
            return
        try:
            data[index]
        except IndexError:
            raise IndexError("mmap index out of range") from None
        if not isinstance(value, int):
            raise TypeError("mmap item value must be an int")
        if not 0 <= value <= 255:
            raise ValueError("mmap item value must be in range(0, 256)")
        data[index] = value

    def __delitem__(self, index):
        raise TypeError("mmap object doesn't support item deletion" if isinstance(index, int) else "mmap object doesn't support slice deletion")

    def __iter__(self):
        # Single bytes, unlike what an index gives.
        for at in range(len(self)):
            yield self[at:at + 1]

    def __buffer__(self, flags):
        data = self._check()
        view = memoryview(data)
        return view.toreadonly() if self._readonly else view

    def __repr__(self):
        if self._data is None:
            return "<mmap.mmap closed=True>"
        access = "ACCESS_READ" if self._readonly else "ACCESS_COPY" if self._private else "ACCESS_WRITE"
        return f"<mmap.mmap closed=False, access={access}, length={len(self)}, pos={self._position}, offset={self._offset}>"
