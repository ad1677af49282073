# An OSError with an __init__ of its own is filled by what it passes on, not by the arguments it was made with.
class Status(OSError):
    def __init__(self, status, text, url):
        self.status = status
        super().__init__(f"{status} {text} for {url}")


error = Status(404, "Not Found", "u")
print(str(error), error.args, error.errno, error.filename, error.status)


class Silent(OSError):
    def __init__(self, code):
        self.code = code


error = Silent(5)
print(error.args, error.errno, repr(str(error)), error.code)


class Both(OSError):
    def __new__(cls, *args):
        return super().__new__(cls, *args)

    def __init__(self, *args):
        pass


error = Both(2, "gone", "file")
print(error.args, error.errno, error.filename)


class Plain(OSError):
    pass


error = Plain(2, "gone", "file")
print(str(error), error.args, error.errno)
