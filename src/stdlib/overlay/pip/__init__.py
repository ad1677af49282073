"""Installs packages of pure Python from wheels.

This is no copy of the program of the same name: it has its commands and options as far as they make sense where there is neither
a disk nor a compiler. `python -m pip install NAME` in a shell, `pip.main(["install", NAME])` in a program; `micropip` has the same
as coroutines.
"""

__version__ = "25.3"


def main(args=None):
    """Runs a command line; answers the exit code."""
    from ._commands import main
    return main(args)
