"""Completes the Python side of the import system.

Modules are found and loaded natively. What programs see of that as objects (sys.meta_path, specs, loaders, importlib) is
CPython's own importlib, which the runtime loads when something asks for it; this module fits it to the native side.
"""

import sys
import _imp
import _frozen_importlib as bootstrap
import _frozen_importlib_external as external

LIBRARY = sys._stdlib_dir


class LibraryFinder:
    """Finds modules of the packed standard library, which come one by one when they are wanted."""

    def __init__(self, path):
        inside = path == LIBRARY or path.startswith(LIBRARY + '/')
        if not inside or path.startswith(LIBRARY + '/site-packages'):
            raise ImportError('only the standard library is found by this finder', path=path)
        self.path = path

    def find_spec(self, fullname, target=None):
        found = _imp._find_library(self.path, fullname.rpartition('.')[2])
        if found is None:
            return None
        return spec_of_file(fullname, *found)

    def invalidate_caches(self):
        pass

    def iter_modules(self, prefix=''):
        for name, is_package in _imp._list_library(self.path):
            yield prefix + name, is_package

    def __repr__(self):
        return f'LibraryFinder({self.path!r})'


def zip_hook(path):
    """Makes zipimport's finder for archives, without loading it for anything else."""
    from posix import stat
    try:
        is_file = stat(path).st_mode & 0o170000 == 0o100000
    except (OSError, ValueError):
        is_file = path.endswith('.zip')
    if not is_file and '.zip/' not in path:
        raise ImportError(f'not a Zip file: {path!r}', path=path)
    from zipimport import zipimporter
    return zipimporter(path)


def spec_of_file(name, file, path=None):
    loader = external.SourceFileLoader(name, file)
    return external.spec_from_file_location(name, file, loader=loader, submodule_search_locations=path)


def spec_of(name, file, path):
    """The spec of a module that was imported natively."""
    if file is not None:
        return spec_of_file(name, file, None if path is None else list(path))
    if path is None:
        return bootstrap.ModuleSpec(name, bootstrap.BuiltinImporter, origin='built-in')
    spec = bootstrap.ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = path
    spec.loader = external.NamespaceLoader(name, path, None)
    return spec


def setup():
    python_find_and_load = bootstrap._find_and_load
    bootstrap._setup(sys, _imp)
    external._set_bootstrap_module(bootstrap)
    bootstrap._bootstrap_external = external
    bootstrap._find_and_load = _imp._find_and_load
    meta_path = [bootstrap.BuiltinImporter, bootstrap.FrozenImporter, external.PathFinder]
    file_hook = external.FileFinder.path_hook(
        (external.SourceFileLoader, external.SOURCE_SUFFIXES),
        (external.SourcelessFileLoader, external.BYTECODE_SUFFIXES),
    )
    return python_find_and_load, meta_path, [zip_hook, LibraryFinder, file_hook]
