# Snakelet: where the page lets a session use the network (`permissions: { net: true }`), connections that leave the session go
# through the page's fetch(), https included. Sockets as such reach no farther than the session.

try:
    from _fetch import allowed as _may_fetch
except ImportError:
    def _may_fetch():
        return False


def _stays_inside(host):
    return host in ("localhost", "::1", "") or host.startswith("127.")


class _PageSocket:
    """What a connection writes to. The request is made as soon as it is whole."""

    def __init__(self, base):
        self._base = base
        self._request = bytearray()
        self._answer = b""

    def sendall(self, data, flags=0):
        self._request += data
        head, end, body = self._request.partition(b"\r\n\r\n")
        if not end:
            return
        first, *lines = head.decode("iso-8859-1").split("\r\n")
        headers = [[part.strip() for part in line.split(":", 1)] for line in lines]
        known = {name.lower(): value for name, value in headers}
        if "chunked" in known.get("transfer-encoding", "").lower():
            if body != b"0\r\n\r\n" and not body.endswith(b"\r\n0\r\n\r\n"):
                return
            body = self._joined(body)
        elif len(body) < int(known.get("content-length") or 0):
            return
        self._request.clear()
        self._perform(first, headers, body)

    def _perform(self, first, headers, body):
        import json
        from _fetch import request
        method, target, _ = first.split(" ", 2)
        url = target if "://" in target else self._base + target
        spec = {"method": method, "url": url, "headers": headers, "body": body.decode("iso-8859-1") if body else None}
        self._answer = request(json.dumps(spec))

    def makefile(self, *args, **kwargs):
        answer, self._answer = self._answer, b""
        return io.BytesIO(answer)

    @staticmethod
    def _joined(body):
        """The contents of a body in chunks."""
        parts = []
        while body:
            size, _, body = body.partition(b"\r\n")
            length = int(size.split(b";")[0], 16)
            if length == 0:
                break
            parts.append(body[:length])
            body = body[length + 2:]
        return b"".join(parts)

    def close(self):
        pass

    def settimeout(self, timeout):
        pass

    def setsockopt(self, *args):
        pass

    def shutdown(self, how):
        pass


if _may_fetch():
    def _patched(connect):
        def connect_through_page(self):
            if _stays_inside(self.host):
                return connect(self)
            host = f"[{self.host}]" if ":" in self.host else self.host
            scheme = "https" if self.default_port == HTTPS_PORT else "http"
            self.sock = _PageSocket(f"{scheme}://{host}:{self.port}")
        connect_through_page.__name__ = "connect"
        connect_through_page.__qualname__ = "HTTPConnection.connect"
        connect_through_page.__doc__ = connect.__doc__
        return connect_through_page

    HTTPConnection.connect = _patched(HTTPConnection.connect)

    def _create_https_context(http_version):
        """The page's own rules hold."""
        return None

    class HTTPSConnection(HTTPConnection):
        """A connection that the browser encrypts."""

        default_port = HTTPS_PORT

        def __init__(self, host, port=None, *, timeout=socket._GLOBAL_DEFAULT_TIMEOUT, source_address=None, context=None, blocksize=8192):
            super().__init__(host, port, timeout, source_address, blocksize)

    if "HTTPSConnection" not in __all__:
        __all__.append("HTTPSConnection")
