"""Takes the place of urllib3.contrib.emscripten, which asks for module js and so for the whole page.

urllib3's connections become those of http.client: inside the session over its loopback network, to the outside through the
page's fetch() where a session may use the network. requests works over them.
"""

import http.client

import urllib3.connection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError


class PageHTTPConnection(urllib3.connection.HTTPConnection):
    """A connection of http.client's, which knows the way out."""

    def connect(self):
        try:
            http.client.HTTPConnection.connect(self)
        except OSError as error:
            raise NewConnectionError(self, f"Failed to establish a new connection: {error}") from error

    @property
    def is_connected(self):
        # What goes through fetch() has no descriptor to wait for.
        return self.sock is not None and (not hasattr(self.sock, "fileno") or super().is_connected)


class PageHTTPSConnection(PageHTTPConnection):
    """A connection that the page encrypts and verifies."""

    default_port = 443
    is_verified = True

    def __init__(
        self, host, port=None, *, cert_reqs=None, assert_hostname=None, assert_fingerprint=None, server_hostname=None, ssl_context=None,
        ca_certs=None, ca_cert_dir=None, ca_cert_data=None, ssl_minimum_version=None, ssl_maximum_version=None, ssl_version=None,
        cert_file=None, key_file=None, key_password=None, **options,
    ):
        super().__init__(host, port, **options)
        self.is_verified = True

    def set_cert(self, *args, **kwargs):
        pass


def inject_into_urllib3():
    HTTPConnectionPool.ConnectionCls = PageHTTPConnection
    HTTPSConnectionPool.ConnectionCls = PageHTTPSConnection
    urllib3.connection.HTTPConnection = PageHTTPConnection
    urllib3.connection.HTTPSConnection = PageHTTPSConnection
    urllib3.connection.VerifiedHTTPSConnection = PageHTTPSConnection
