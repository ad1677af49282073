"""Where packages lie: unpacking wheels, what is installed, taking packages away."""

import base64
import csv
import hashlib
import importlib
import importlib.metadata
import io
import json
import os
import sys
import zipfile

from ._index import InstallationError
from ._requirements import canonical_name


def site_packages():
    """The folder of installed packages."""
    return "{0}/site-packages".format(sys._stdlib_dir)


def use_folder(folder):
    """Makes modules in the folder importable."""
    os.makedirs(folder, exist_ok=True)
    if folder == site_packages() and folder not in sys.path:
        sys.path.append(folder)
    importlib.invalidate_caches()


def installed(paths=None):
    """The installed distributions by canonical name; of several the first on the path."""
    found = {}
    for distribution in importlib.metadata.distributions(path=sys.path if paths is None else paths):
        name = distribution.metadata["Name"]
        if name and distribution.version:
            found.setdefault(canonical_name(name), distribution)
    return dict(sorted(found.items()))


def _dist_info(filename, names):
    folders = {name.split("/", 1)[0] for name in names if name.split("/", 1)[0].endswith(".dist-info")}
    if len(folders) != 1:
        raise InstallationError(f"{filename} is no valid wheel: it has {len(folders)} .dist-info folders")
    return folders.pop()


def _open(filename, contents):
    try:
        return zipfile.ZipFile(io.BytesIO(contents))
    except zipfile.BadZipFile as error:
        raise InstallationError(f"{filename} is no valid wheel: {error}") from None


def metadata_of_wheel(filename, contents):
    with _open(filename, contents) as archive:
        folder = _dist_info(filename, archive.namelist())
        try:
            return archive.read(f"{folder}/METADATA")
        except KeyError:
            raise InstallationError(f"{filename} is no valid wheel: it has no METADATA") from None


def _target(name, data_folder):
    """Where a file of a wheel goes: the base folder (or None for site-packages) and the path below it."""
    if not name.startswith(data_folder + "/"):
        return None, name
    kind, _, rest = name[len(data_folder) + 1:].partition("/")
    match kind:
        case "purelib" | "platlib":
            return None, rest
        case "data":
            return sys.prefix, rest
        case "scripts":
            return os.path.join(sys.prefix, "bin"), rest
        case "headers":
            return os.path.join(sys.prefix, "include"), rest
    raise InstallationError(f"a wheel with data of the unknown kind {kind!r}")


def install_wheel(filename, contents, folder, *, requested=False, url=None):
    """Unpacks a wheel, and notes in its .dist-info where its files are."""
    use_folder(folder)
    with _open(filename, contents) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        info = _dist_info(filename, names)
        data_folder = info.removesuffix(".dist-info") + ".data"
        record = []
        plan = []
        for name in names:
            base, path = _target(name, data_folder)
            parts = path.split("/")
            if path.startswith("/") or ".." in parts or "\\" in path or "" in parts:
                raise InstallationError(f"{filename} is no valid wheel: it has a file {name!r}")
            plan.append((name, os.path.join(base or folder, path)))
        for name, path in plan:
            data = archive.read(name)
            if name == f"{info}/RECORD":
                continue
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
            record.append(_entry(path, data, folder))
    extra = {"INSTALLER": b"pip\n"}
    if requested:
        extra["REQUESTED"] = b""
    if url is not None:
        archive_info = {"hashes": {"sha256": hashlib.sha256(contents).hexdigest()}}
        extra["direct_url.json"] = json.dumps({"archive_info": archive_info, "url": url}).encode()
    for name, data in extra.items():
        path = os.path.join(folder, info, name)
        with open(path, "wb") as file:
            file.write(data)
        record.append(_entry(path, data, folder))
    record.append((f"{info}/RECORD", "", ""))
    with open(os.path.join(folder, info, "RECORD"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(sorted(record))
    importlib.invalidate_caches()


def _entry(path, data, folder):
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
    return os.path.relpath(path, folder), f"sha256={digest}", str(len(data))


def uninstall(distribution):
    """Removes the files of a distribution, and folders that are empty then. Answers the paths."""
    files = distribution.files
    if files is None:
        raise InstallationError(f"Cannot uninstall {distribution.name} {distribution.version}: it has no RECORD of its files")
    removed, folders = [], set()
    for file in files:
        path = os.path.normpath(str(distribution.locate_file(file)))
        if os.path.lexists(path):
            os.unlink(path)
            removed.append(path)
        parent = os.path.dirname(path)
        folders.add(parent)
        while not parent.endswith("site-packages") and len(parent) > len(str(distribution.locate_file(""))):
            folders.add(parent)
            parent = os.path.dirname(parent)
    for folder in sorted(folders, key=len, reverse=True):
        cache = os.path.join(folder, "__pycache__")
        for path in (cache, folder):
            if os.path.isdir(path) and not os.listdir(path) and os.path.normpath(path) != os.path.normpath(str(distribution.locate_file(""))):
                os.rmdir(path)
    importlib.invalidate_caches()
    return sorted(removed)
