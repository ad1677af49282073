# Snakelet: buffers over raw streams of Python classes are these; two places where CPython's native ones differ.


def _readinto(self, buf, read1):
    self._checkClosed("readinto of closed file")
    buf = memoryview(buf)
    if buf.nbytes == 0:
        return 0
    buf = buf.cast("B")
    written = 0
    with self._read_lock:
        while written < len(buf):
            ready = min(len(self._read_buf) - self._read_pos, len(buf) - written)
            if ready:
                buf[written : written + ready] = self._read_buf[self._read_pos : self._read_pos + ready]
                self._read_pos += ready
                written += ready
                if written == len(buf):
                    break
            if len(buf) - written > self.buffer_size:
                count = self.raw.readinto(buf[written:])
                if not count:
                    break
                written += count
            elif not (read1 and written) and not self._peek_unlocked(1):
                break
            if read1 and written:
                break
    return written


def _checked_seek(seek):
    def checked(self, pos, whence=0):
        self._checkClosed("seek of closed file")
        if not self.raw.seekable():
            raise UnsupportedOperation("File or stream is not seekable.")
        return seek(self, pos, whence)

    checked.__name__, checked.__qualname__ = seek.__name__, seek.__qualname__
    return checked


BufferedReader._readinto = _readinto
BufferedReader.seek = _checked_seek(BufferedReader.seek)
