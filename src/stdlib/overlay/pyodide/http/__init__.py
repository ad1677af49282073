"""Requests through the browser's fetch() and XMLHttpRequest."""

import functools
import json

import js

from .._archive import unpack
from ..ffi import JsException, _helpers, to_js
from ._exceptions import AbortError, BodyUsedError, HttpStatusError
from . import pyxhr

__all__ = ["AbortError", "BodyUsedError", "FetchResponse", "HttpStatusError", "open_url", "pyfetch", "pyxhr"]


def open_url(url):
    """The text behind a URL, as a file. Waits for it."""
    from io import StringIO

    return StringIO(_helpers.load(url))


def _is_cancelled(error):
    return type(error).__name__ == "CancelledError"


def _reason(reason):
    return None if reason is None else JsException("AbortError", str(reason))


def _body(method):
    """A method that reads the body: JavaScript's errors are AbortErrors, and a task that is cancelled aborts the request."""

    @functools.wraps(method)
    async def read(self, *args, **kwargs):
        self._check()
        try:
            return await method(self, *args, **kwargs)
        except JsException as error:
            raise AbortError(self.abort_signal.reason if self.abort_signal and self.abort_signal.aborted else error) from None
        except BaseException as error:
            if _is_cancelled(error) and self.abort_controller:
                self.abort_controller.abort(_reason("\n".join(map(str, error.args)) or None))
            raise

    return read


class FetchResponse:
    """An answer of fetch()."""

    def __init__(self, request, js_response, abort_controller=None, abort_signal=None):
        if isinstance(request, str):
            self.js_request = js.Request.new(request) if request else None
            self._url = self.js_request.url if request else request
        else:
            self.js_request = request
            self._url = request.url
        self.js_response = js_response
        self.abort_controller = abort_controller
        self.abort_signal = abort_signal

    @property
    def body_used(self):
        """Whether the body was read already."""
        return self.js_response.bodyUsed

    @property
    def headers(self):
        """The headers as a dict."""
        return js.Object.fromEntries(self.js_response.headers.entries()).to_py()

    @property
    def ok(self):
        """Whether the status is that of a success."""
        return self.js_response.ok

    @property
    def redirected(self):
        """Whether the answer came from another URL."""
        return self.js_response.redirected

    @property
    def status(self):
        """The status as a number."""
        return self.js_response.status

    @property
    def status_text(self):
        """The status as a text."""
        return self.js_response.statusText

    @property
    def type(self):
        """What kind of answer it is: `basic`, `cors`, ..."""
        return self.js_response.type

    @property
    def url(self):
        """Where the answer came from in the end."""
        return self.js_response.url

    def raise_for_status(self):
        """HttpStatusError if the status is that of an error."""
        if 400 <= self.status < 600:
            raise HttpStatusError(self.status, self.status_text, self.url)

    def _check(self):
        if self.abort_signal and self.abort_signal.aborted:
            raise AbortError(self.abort_signal.reason)
        if self.js_response.bodyUsed:
            raise BodyUsedError

    def clone(self):
        """Another of the same, so that the body can be read twice."""
        if self.js_response.bodyUsed:
            raise BodyUsedError
        return FetchResponse(self.js_request or self._url, self.js_response.clone(), self.abort_controller, self.abort_signal)

    @_body
    async def buffer(self):
        """The body as an ArrayBuffer."""
        return await self.js_response.arrayBuffer()

    @_body
    async def text(self):
        """The body as a str."""
        return await self.js_response.text()

    async def string(self):
        """The same; an old name."""
        return await self.text()

    async def json(self, **kwargs):
        """The body's value; named arguments are those of json.loads()."""
        return json.loads(await self.text(), **kwargs)

    async def bytes(self):
        """The body as bytes."""
        return (await self.buffer()).to_bytes()

    async def memoryview(self):
        """The body as a memoryview."""
        return (await self.buffer()).to_memoryview()

    async def unpack_archive(self, *, extract_dir=None, format=None):
        """Unpacks the body into a folder; the URL's ending says the format if it is not given."""
        unpack(await self.bytes(), self._url.rsplit("/", 1)[-1], format, extract_dir)

    async def _into_file(self, f):
        (await self.buffer()).to_file(f)

    async def _create_file(self, path):
        with open(path, "xb") as file:
            await self._into_file(file)

    def abort(self, reason=None):
        """Aborts the request."""
        if self.abort_controller is None:
            raise ValueError("abort_controller is not set")
        self.abort_controller.abort(_reason(reason))


async def pyfetch(request, /, *, signal=None, fetcher=None, **kwargs):
    """fetch() of a URL or a Request, with its options as named arguments."""
    controller = js.AbortController.new()
    both = _helpers.anySignal(signal, controller.signal) if signal else controller.signal
    options = to_js({**kwargs, "signal": both}, dict_converter=js.Object.fromEntries)
    if isinstance(request, str):
        request = js.Request.new(request, options)
    try:
        response = await (fetcher or js.fetch)(request, options)
    except JsException as error:
        raise AbortError(error) from None
    except BaseException as error:
        if _is_cancelled(error):
            controller.abort(_reason("\n".join(map(str, error.args)) or None))
        raise
    return FetchResponse(request, response, controller, both)
