"""Indexes of packages: what versions exist, and their files. The simple repository API (PEP 503, 691, 714) in JSON or HTML, and
folders of wheels."""

import hashlib
import html.parser
import json
import os
import re
import sys
import urllib.parse

from ._requirements import canonical_name
from ._versions import InvalidVersion, SpecifierSet, Version

PYPI = "https://pypi.org/simple"
_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.2, text/html; q=0.1"


class InstallationError(Exception):
    """A package cannot be installed; the text says why."""


class FetchError(InstallationError):
    """Something could not be fetched."""


async def fetch(url, accept="*/*"):
    """The bytes behind a URL (http, https or file) or a path, the type of the contents, and where they were found in the end."""
    scheme = urllib.parse.urlsplit(url).scheme
    if scheme == "file" or not scheme:
        path = urllib.parse.unquote(urllib.parse.urlsplit(url).path) if scheme else url
        try:
            with open(path, "rb") as file:
                return file.read(), "", url
        except OSError as error:
            raise FetchError(f"Could not open {path}: {error.strerror}") from None
    try:
        from pyodide.http import pyfetch
    except ImportError:
        return _fetch_by_urllib(url, accept)
    try:
        response = await pyfetch(url, headers={"Accept": accept})
    except OSError as error:
        raise FetchError(f"Could not fetch {url}: {error}") from None
    if not response.ok:
        raise FetchError(f"Could not fetch {url}: status {response.status}")
    return await response.bytes(), response.headers.get("content-type", ""), response.url


def _fetch_by_urllib(url, accept):
    import urllib.error
    import urllib.request
    try:
        request = urllib.request.Request(url, headers={"Accept": accept})
        with urllib.request.urlopen(request) as response:
            return response.read(), response.headers.get("Content-Type", ""), response.url
    except urllib.error.HTTPError as error:
        raise FetchError(f"Could not fetch {url}: status {error.code}") from None
    except OSError as error:
        raise FetchError(f"Could not fetch {url}: {getattr(error, 'reason', error)}") from None


class Link:
    """One file of a package: a wheel, or something else that is only named in messages."""

    def __init__(self, filename, url, hashes=(), requires_python=None, yanked=False, metadata=False):
        self.filename = filename
        self.url = url
        self.hashes = dict(hashes)
        self.requires_python = requires_python
        self.yanked = yanked
        self.metadata = metadata
        self.version = None
        self.tags = ()
        if filename.endswith(".whl"):
            # name-version[-build]-python-abi-platform.whl
            parts = filename[:-4].split("-")
            if len(parts) in (5, 6):
                self.name, version = parts[:2]
                python, abi, platform = (part.split(".") for part in parts[-3:])
                self.tags = [(p, a, s) for p in python for a in abi for s in platform]
                self._set_version(version)
        else:
            match = re.fullmatch(r"(.+)-(\d[^-]*)\.(?:tar\.gz|zip|tar\.bz2|tgz)", filename)
            if match:
                self.name = match[1]
                self._set_version(match[2])

    def _set_version(self, text):
        try:
            self.version = Version(text.replace("_", "-"))
        except InvalidVersion:
            self.version = None

    @property
    def is_wheel(self):
        return bool(self.tags)

    @property
    def is_pure(self):
        """Whether it can be used here: Python alone, for this version of the language."""
        return any(abi == "none" and platform == "any" and _suits(python) for python, abi, platform in self.tags)

    def suits_python(self):
        if not self.requires_python:
            return True
        try:
            return Version("{0.major}.{0.minor}.{0.micro}".format(sys.version_info)) in SpecifierSet(self.requires_python)
        except ValueError:
            return True

    def check(self, contents, wanted=()):
        """InstallationError if the contents have another hash than the index or the requirement says."""
        expected = [(name, value) for name, value in self.hashes.items() if name in hashlib.algorithms_guaranteed]
        for name, value in expected:
            got = hashlib.new(name, contents).hexdigest()
            if got != value.lower():
                raise InstallationError(f"{self.filename} does not match its hash: expected {name} {value}, got {got}")
        if wanted and not any(hashlib.new(name, contents).hexdigest() == value.lower() for name, value in wanted):
            name = wanted[0][0]
            got = hashlib.new(name, contents).hexdigest()
            values = " or ".join(f"{name} {value}" for name, value in wanted)
            raise InstallationError(f"{self.filename} does not match the hashes of its requirement: expected {values}, got {got}")


def _suits(tag):
    match = re.fullmatch(r"(?:py|cp)(\d)(\d*)", tag)
    return bool(match) and int(match[1]) == sys.version_info[0] and int(match[2] or 0) <= sys.version_info[1]


class _Anchors(html.parser.HTMLParser):
    """The links of an index page in HTML."""

    def __init__(self):
        super().__init__()
        self.links = []
        self.base = ""
        self._open = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "base":
            self.base = attrs.get("href") or ""
        elif tag == "a" and attrs.get("href"):
            self._open = attrs
            self._text = ""

    def handle_data(self, data):
        if self._open is not None:
            self._text += data

    def handle_endtag(self, tag):
        if tag == "a" and self._open is not None:
            self.links.append((self._text.strip(), self._open))
            self._open = None


def _links_of_json(data, url):
    for file in json.loads(data).get("files", ()):
        metadata = file.get("core-metadata") or file.get("data-dist-info-metadata") or False
        yield Link(
            file["filename"], urllib.parse.urljoin(url, file["url"]), file.get("hashes") or {}, file.get("requires-python"),
            file.get("yanked") or False, metadata,
        )


def _links_of_html(data, url):
    parser = _Anchors()
    parser.feed(data.decode("utf-8", "replace"))
    for text, attrs in parser.links:
        target, fragment = urllib.parse.urldefrag(urllib.parse.urljoin(urllib.parse.urljoin(url, parser.base), attrs["href"]))
        name, _, value = fragment.partition("=")
        filename = urllib.parse.unquote(urllib.parse.urlsplit(target).path.rsplit("/", 1)[-1])
        metadata = attrs.get("data-core-metadata", attrs.get("data-dist-info-metadata"))
        yield Link(
            filename or text, target, {name: value} if value else {}, attrs.get("data-requires-python"), "data-yanked" in attrs,
            metadata is not None and metadata != "false",
        )


class Finder:
    """Looks packages up in indexes and folders, and remembers what it found."""

    def __init__(self, index_urls=(), find_links=(), headers=()):
        self.index_urls = [url.rstrip("/") for url in index_urls]
        self.find_links = list(find_links)
        self._links = {}
        self._metadata = {}
        self._contents = {}

    async def links(self, key):
        """All files of the package of this canonical name."""
        if key not in self._links:
            found, failure = [], None
            for place in self.find_links:
                found += await self._links_at(place, key)
            for index in self.index_urls:
                url = index.replace("{package_name}", key) if "{package_name}" in index else f"{index}/{key}/"
                try:
                    data, kind, url = await fetch(url, _ACCEPT)
                except FetchError as error:
                    # Another index may have it.
                    failure = failure or error
                    continue
                found += self._read(data, kind, url)
            if not found and failure is not None and "status 404" not in str(failure):
                raise failure
            self._links[key] = [link for link in found if link.version is not None and canonical_name(link.name) == key]
        return self._links[key]

    def _read(self, data, kind, url):
        return list(_links_of_json(data, url) if "json" in kind or data[:1] == b"{" else _links_of_html(data, url))

    async def _links_at(self, place, key):
        if os.path.isdir(place):
            return [Link(name, os.path.join(os.path.abspath(place), name)) for name in sorted(os.listdir(place))]
        if place.endswith((".whl", ".tar.gz", ".zip")):
            return [Link(urllib.parse.unquote(place.rsplit("/", 1)[-1]), place)]
        data, kind, url = await fetch(place, _ACCEPT)
        return self._read(data, kind, url)

    async def contents(self, link, hashes=()):
        """The bytes of a wheel, whose hashes are right."""
        if link.url not in self._contents:
            data, _, _ = await fetch(link.url)
            self._contents[link.url] = data
        link.check(self._contents[link.url], hashes)
        return self._contents[link.url]

    async def metadata(self, link, hashes=()):
        """The METADATA of a wheel: from beside it if the index offers that, else from within."""
        if link.url not in self._metadata:
            data = None
            if link.metadata and link.url not in self._contents:
                try:
                    data, _, _ = await fetch(link.url + ".metadata")
                except FetchError:
                    data = None
                if data is not None and isinstance(link.metadata, dict):
                    Link(link.filename + ".metadata", link.url, link.metadata).check(data)
            if data is None:
                from ._site import metadata_of_wheel
                data = metadata_of_wheel(link.filename, await self.contents(link, hashes))
            from email import message_from_bytes
            self._metadata[link.url] = message_from_bytes(data)
        return self._metadata[link.url]
