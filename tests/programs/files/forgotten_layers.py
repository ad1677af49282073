# Buffers over raw streams of Python classes that nothing but the call holds; times of files as floats.
import io
import os
import tarfile


class Raw(io.RawIOBase):
    def __init__(self):
        self.left = 3

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.left:
            return 0
        self.left -= 1
        buffer[:2] = b"ab"
        return 2

    def close(self):
        if not self.closed:
            print("closed")
        super().close()


print(io.BufferedReader(Raw()).read())
print(io.BufferedReader(Raw()).read(3))
print(io.BufferedReader(Raw()).readline())
buffer = bytearray(5)
print(io.BufferedReader(Raw()).readinto(buffer), buffer)
print(io.TextIOWrapper(io.BufferedReader(Raw())).read())

file = io.BytesIO()
with tarfile.open(fileobj=file, mode="w") as archive:
    info = tarfile.TarInfo("name")
    info.size = 3
    archive.addfile(info, io.BytesIO(b"abc"))
file.seek(0)
with tarfile.open(fileobj=file) as archive:
    print(archive.extractfile("name").read(), archive.extractfile(archive.getmembers()[0]).read(2))

os.mkdir("/tmp/folder")
for time in 1041808783, 1041808783.5, 0.25, 1600000000:
    os.utime("/tmp/folder", (time, time))
    status = os.stat("/tmp/folder")
    print(status.st_mtime, status.st_mtime_ns, status.st_atime)
