"""Installs wheels of pure Python, by coroutines. What `pip` has as commands, with the names that Pyodide's package has."""

import json as _json

from pip._commands import finder_for as _finder_for, install_candidates as _install_candidates, requirement_of as _requirement_of
from pip._index import InstallationError as _InstallationError
from pip._requirements import canonical_name as _canonical_name
from pip._resolve import Resolver as _Resolver
from pip._site import installed as _installed, site_packages as _site_packages, uninstall as _uninstall

__all__ = ["freeze", "install", "list", "set_index_urls", "uninstall"]

_default_index_urls = None


async def install(
    requirements, keep_going=False, deps=True, credentials=None, pre=False, index_urls=None, *, constraints=None, reinstall=False, verbose=None
):
    """Download and install packages: names, requirements such as `name[extra]>=1.2`, or URLs and paths of wheels."""
    if isinstance(requirements, str):
        requirements = [requirements]
    if isinstance(index_urls, str):
        index_urls = [index_urls]
    first, *more = index_urls or _default_index_urls or [None]
    finder = _finder_for(first, more)
    wanted = [_requirement_of(_address(str(requirement))) for requirement in requirements]
    limits = [_requirement_of(constraint) for constraint in constraints or ()]
    resolver = _Resolver(finder, _installed(), pre=pre, reinstall=reinstall, deps=deps, constraints=limits)
    say = print if verbose else lambda text: None
    try:
        chosen = await resolver.resolve(wanted)
        await _install_candidates(finder, chosen, {requirement.key for requirement in wanted}, _site_packages(), say)
    except _InstallationError as error:
        raise ValueError(str(error)) from None


def _address(text):
    """A wheel's address that is relative to the page's, made whole. `emfs:` marks files of the session."""
    import os

    if text.startswith("emfs:"):
        return text.removeprefix("emfs:")
    if not text.endswith(".whl") or "://" in text or os.path.exists(text):
        return text
    try:
        import js

        return str(js.URL.new(text, js.location.href).href)
    except (ImportError, AttributeError):
        return text


def uninstall(packages, *, verbose=None):
    """Remove packages; a warning tells of those that are not installed."""
    import warnings
    present = _installed()
    for name in [packages] if isinstance(packages, str) else packages:
        distribution = present.get(_canonical_name(name))
        if distribution is None:
            warnings.warn(f"Skipping {name!r} as it is not installed.", UserWarning, stacklevel=2)
            continue
        _uninstall(distribution)


class PackageMetadata:
    """Name, version and origin of an installed package."""

    def __init__(self, name, version, source):
        self.name = name
        self.version = version
        self.source = source

    def __repr__(self):
        return f"PackageMetadata(name={self.name!r}, version={self.version!r}, source={self.source!r})"


class PackageDict(dict):
    """The installed packages by name."""

    def __repr__(self):
        rows = [("Name", "Version", "Source"), *((entry.name, entry.version, entry.source) for entry in self.values())]
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
        lines.insert(1, " | ".join("-" * width for width in widths))
        return "\n".join(lines)


def list():
    """The installed packages, by name."""
    found = PackageDict()
    for distribution in _installed().values():
        url = distribution.read_text("direct_url.json")
        source = _json.loads(url)["url"] if url else "pypi"
        found[distribution.name] = PackageMetadata(distribution.name, distribution.version, source)
    return found


def freeze():
    """The installed packages as JSON."""
    packages = {
        name: {"name": name, "version": entry.version, "source": entry.source, "depends": []} for name, entry in list().items()
    }
    return _json.dumps({"info": {"python": "3.14"}, "packages": packages})


def set_index_urls(urls):
    """The indexes that later calls of install() use, each the URL of a simple index; `{package_name}` in it is replaced."""
    global _default_index_urls
    _default_index_urls = [urls] if isinstance(urls, str) else [*urls]
