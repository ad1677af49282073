"""Requests that hold the page until they are answered, through XMLHttpRequest, with an interface like that of requests."""

import json as _json

from ..ffi import JsException, _helpers
from ._exceptions import HttpStatusError, XHRError, XHRNetworkError

__all__ = [
    "XHRError", "XHRNetworkError", "XHRResponse", "delete", "get", "head", "options", "patch", "post", "put",
]


class XHRResponse:
    """An answer."""

    def __init__(self, xhr):
        self._xhr = xhr
        self._headers = None

    @property
    def status_code(self):
        """The status as a number."""
        return self._xhr.status

    @property
    def content(self):
        """The body as bytes."""
        response = getattr(self._xhr, "response", None)
        if response and not isinstance(response, str):
            return response.to_bytes()
        return self._xhr.responseText.encode()

    @property
    def text(self):
        """The body as a str; its encoding is UTF-8."""
        return self.content.decode()

    @property
    def headers(self):
        """A dict of the headers, with names in lower case."""
        if self._headers is None:
            self._headers = {}
            for line in (self._xhr.getAllResponseHeaders() or "").strip().split("\r\n"):
                name, colon, value = line.partition(":")
                if colon:
                    self._headers[name.strip().lower()] = value.strip()
        return self._headers

    @property
    def ok(self):
        """Whether the status is that of a success or of a redirection."""
        return 200 <= self.status_code < 400

    @property
    def url(self):
        """Where the answer came from in the end."""
        return getattr(self._xhr, "responseURL", "")

    def json(self, **kwargs):
        """The body's value; named arguments are those of json.loads()."""
        return _json.loads(self.text, **kwargs)

    def raise_for_status(self):
        """HttpStatusError if the status is that of an error."""
        if 400 <= self.status_code < 600:
            raise HttpStatusError(self.status_code, self._xhr.statusText, self.url)


def _request(method, url, *, headers=None, params=None, data=None, json=None, auth=None, **others):
    xhr = _helpers.newRequest()
    if xhr is None:
        raise RuntimeError("XMLHttpRequest is only available in browser environments")
    if params and isinstance(params, dict):
        from urllib.parse import urlencode

        url = f"{url}{'&' if '?' in url else '?'}{urlencode(params)}"
    headers = dict(headers or {})
    if auth and len(auth) == 2:
        from base64 import b64encode

        headers["Authorization"] = "Basic " + b64encode(":".join(auth).encode()).decode()
    if json is not None:
        data = _json.dumps(json)
        headers["Content-Type"] = "application/json"
    xhr.open(method, url, False)
    for name, value in headers.items():
        xhr.setRequestHeader(name, str(value))
    try:
        _helpers.sendRequest(xhr, data)
    except JsException as error:
        if error.name == "NetworkError":
            raise XHRNetworkError(f"Network error for {method} {url}") from error
        raise XHRError(f"XMLHttpRequest failed: {error}") from error
    return XHRResponse(xhr)


def _method(name):
    def request(url, **kwargs):
        return _request(name, url, **kwargs)

    request.__name__ = request.__qualname__ = name.lower()
    request.__doc__ = f"Makes a {name} request. Named arguments: headers, params, data, json, auth."
    return request


get = _method("GET")
post = _method("POST")
put = _method("PUT")
delete = _method("DELETE")
head = _method("HEAD")
patch = _method("PATCH")
options = _method("OPTIONS")
