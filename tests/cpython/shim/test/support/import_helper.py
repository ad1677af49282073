"""Importing modules in special ways."""
import sys
import unittest


def import_module(name, deprecated=False, *, required_on=()):
    try:
        __import__(name)
    except ImportError as error:
        raise unittest.SkipTest(str(error))
    return sys.modules[name]


def import_fresh_module(name, fresh=(), blocked=(), deprecated=False):
    """The module anew, as it is when the blocked ones are not there; None when it cannot do without them."""
    names = {name, *fresh, *blocked}
    saved = {key: sys.modules.pop(key) for key in list(sys.modules) if key in names or key.split(".")[0] in names}
    for key in blocked:
        sys.modules[key] = None
    try:
        for key in fresh:
            __import__(key)
        __import__(name)
        return sys.modules[name]
    except ImportError:
        return None
    finally:
        for key in names:
            sys.modules.pop(key, None)
        sys.modules.update(saved)


class CleanImport:
    def __init__(self, *names):
        self.names = names

    def __enter__(self):
        self.saved = {name: sys.modules.pop(name) for name in self.names if name in sys.modules}

    def __exit__(self, *exc):
        sys.modules.update(self.saved)
