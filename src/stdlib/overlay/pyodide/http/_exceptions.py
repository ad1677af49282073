"""What can go wrong with a request."""


class HttpStatusError(OSError):
    """The server answered with an error."""

    def __init__(self, status, status_text, url):
        self.status = status
        self.status_text = status_text
        self.url = url
        kind = {4: "Client Error", 5: "Server Error"}.get(status // 100, "Invalid error code not between 400 and 599")
        super().__init__(f"{status} {kind}: {status_text} for url: {url}")

    def __reduce__(self):
        return type(self), (self.status, self.status_text, self.url), self.__dict__


class BodyUsedError(OSError):
    """The body was read already."""

    def __init__(self, *args):
        super().__init__("Response body is already used")


class AbortError(OSError):
    """The request was aborted, or failed. The reason is an Error of JavaScript."""

    def __init__(self, reason):
        super().__init__(reason.message)


class XHRError(OSError):
    """A request of pyxhr failed."""


class XHRNetworkError(XHRError):
    """There was no answer."""

    def __init__(self, message="Network error occurred"):
        super().__init__(message)
