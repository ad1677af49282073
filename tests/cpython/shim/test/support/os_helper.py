"""Temporary files."""
import os

TESTFN = "@test_tmp"


def unlink(name):
    try:
        os.unlink(name)
    except OSError:
        pass


class EnvironmentVarGuard(dict):
    def __enter__(self):
        return self

    def __exit__(self, *exc):
        pass
