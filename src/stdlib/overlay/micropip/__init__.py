"""Installs pure-Python wheels from URLs and from PyPI."""

import importlib.metadata
import io
import re
import sys
import zipfile

__all__ = ["freeze", "install", "list", "uninstall"]

_site = "/lib/python3.14/site-packages"
_installed = {}


async def install(requirements, keep_going=False, deps=True, credentials=None, pre=False, index_urls=None, *, reinstall=False, verbose=None, **_):
    """Downloads and unpacks wheels: names, names with versions (name==1.2), or URLs of .whl files."""
    if isinstance(requirements, str):
        requirements = [requirements]
    for requirement in requirements:
        await _install(str(requirement), deps, reinstall)


async def _install(requirement, deps, reinstall):
    from pyodide.http import pyfetch

    if re.search(r"\.whl($|[?#])", requirement):
        url = requirement.removeprefix("emfs:")
        name = url.rsplit("/", 1)[-1].split("-")[0]
        version = url.rsplit("/", 1)[-1].split("-")[1] if "-" in url.rsplit("/", 1)[-1] else "0"
    else:
        match = re.match(r"\s*([A-Za-z0-9._-]+)\s*(?:\[[^]]*\])?\s*(?:==\s*([^\s;]+))?", requirement)
        if not match:
            raise ValueError(f"{requirement!r} is not a requirement")
        name, version = match[1], match[2]
        if not reinstall and _known(name):
            return
        url, version = await _find(name, version)
    if not reinstall and _known(name):
        return
    if requirement.startswith("emfs:"):
        with open(url, "rb") as file:
            data = file.read()
    else:
        response = await pyfetch(url)
        response.raise_for_status()
        data = await response.bytes()
    if _site not in sys.path:
        sys.path.append(_site)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        archive.extractall(_site)
    _installed[_plain(name)] = (version, names)
    import importlib

    importlib.invalidate_caches()
    if deps:
        metadata = next((entry for entry in names if entry.endswith(".dist-info/METADATA")), None)
        if metadata:
            with open(f"{_site}/{metadata}", encoding="utf-8") as file:
                for line in file:
                    if not line.strip():
                        break
                    if line.startswith("Requires-Dist:") and "extra ==" not in line:
                        await _install(line.split(":", 1)[1].strip().split(";")[0], deps, False)


def _plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _known(name):
    if _plain(name) in _installed:
        return True
    module = _plain(name).replace("-", "_")
    return module in sys.stdlib_module_names


async def _find(name, version):
    from pyodide.http import pyfetch

    response = await pyfetch(f"https://pypi.org/pypi/{name}/json" if version is None else f"https://pypi.org/pypi/{name}/{version}/json")
    if not response.ok:
        raise ValueError(f"Can't fetch metadata for '{name}'")
    data = await response.json()
    for file in data["urls"]:
        if file["filename"].endswith("none-any.whl"):
            return file["url"], data["info"]["version"]
    raise ValueError(f"Can't find a pure Python 3 wheel for '{name}'")


def list():
    """The packages installed so far, by name."""
    return {name: version for name, (version, _) in _installed.items()}


def freeze():
    """The same as JSON."""
    import json

    return json.dumps(list())


def uninstall(packages, *, verbose=None):
    """Removes the files of packages."""
    import os

    for name in [packages] if isinstance(packages, str) else packages:
        version, names = _installed.pop(_plain(name), (None, ()))
        for entry in names:
            if not entry.endswith("/"):
                os.unlink(f"{_site}/{entry}")
