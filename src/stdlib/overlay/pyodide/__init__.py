"""Python's side of the Pyodide-compatible interface."""

from . import ffi

__version__ = "314.0.0"
__all__ = ["__version__"]


def __getattr__(name):
    if name in ("code", "http", "console", "webloop"):
        import importlib

        return importlib.import_module(f"pyodide.{name}")
    raise AttributeError(f"module 'pyodide' has no attribute {name!r}")
