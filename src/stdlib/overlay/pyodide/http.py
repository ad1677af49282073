"""Requests through the browser's fetch()."""

import json
from io import StringIO

from .ffi import JsException, _helpers, to_js
import js

__all__ = ["AbortError", "BodyUsedError", "FetchResponse", "HttpStatusError", "open_url", "pyfetch"]


class HttpStatusError(OSError):
    """The server answered with an error."""

    def __init__(self, status, status_text, url):
        self.status = status
        self.status_text = status_text
        self.url = url
        kind = "Client" if 400 <= status < 500 else "Server" if 500 <= status < 600 else "Invalid"
        super().__init__(f"{status} {kind} Error: {status_text} for url: {url}" if kind != "Invalid" else f"{status} Invalid error code not between 400 and 599: {status_text} for url: {url}")


class BodyUsedError(OSError):
    """The body was read already."""

    def __init__(self):
        super().__init__("Response body is already used")


class AbortError(OSError):
    """The request was aborted."""


def open_url(url):
    """The text behind a URL, as a file. Waits for it."""
    return StringIO(_helpers.load(url))


class FetchResponse:
    """An answer of fetch()."""

    def __init__(self, url, js_response, abort_controller=None, abort_signal=None):
        self._url = url
        self.js_response = js_response

    @property
    def body_used(self):
        return self.js_response.bodyUsed

    @property
    def headers(self):
        return {key: value for key, value in (entry for entry in self.js_response.headers.entries())}

    @property
    def ok(self):
        return self.js_response.ok

    @property
    def redirected(self):
        return self.js_response.redirected

    @property
    def status(self):
        return self.js_response.status

    @property
    def status_text(self):
        return self.js_response.statusText

    @property
    def type(self):
        return self.js_response.type

    @property
    def url(self):
        return self.js_response.url or self._url

    def raise_for_status(self):
        """HttpStatusError if the status is 400 or more."""
        if self.status >= 400:
            raise HttpStatusError(self.status, self.status_text, self.url)

    def _unused(self):
        if self.js_response.bodyUsed:
            raise BodyUsedError

    def clone(self):
        self._unused()
        return FetchResponse(self._url, self.js_response.clone())

    async def buffer(self):
        self._unused()
        return await self.js_response.arrayBuffer()

    async def text(self):
        self._unused()
        return await self.js_response.text()

    string = text

    async def json(self, **kwargs):
        self._unused()
        return json.loads(await self.js_response.text(), **kwargs)

    async def bytes(self):
        self._unused()
        return bytes(await _helpers.fetchBytes(self.js_response))

    async def memoryview(self):
        return memoryview(await self.bytes())

    async def unpack_archive(self, *, extract_dir=None, format=None):
        from .ffi import _unpack

        _unpack(await self.bytes(), format or self.url.rsplit(".", 1)[-1], extract_dir or ".")


async def pyfetch(url, /, *, signal=None, fetcher=None, **kwargs):
    """fetch(), with its options as keyword arguments."""
    if signal is not None:
        kwargs["signal"] = signal
    try:
        response = await (fetcher or js.fetch)(url, to_js(kwargs))
    except JsException as error:
        if getattr(error, "name", "") == "AbortError":
            raise AbortError(error.message) from None
        raise OSError(error.message) from None
    return FetchResponse(url, response)
