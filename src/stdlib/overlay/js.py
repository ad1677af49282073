"""The page's global JavaScript object: importing this module gives it."""

import sys

try:
    from _js import root
except ModuleNotFoundError:
    raise ModuleNotFoundError("No module named 'js': this program may not use JavaScript", name="js") from None

import pyodide.ffi

sys.modules[__name__] = root("globals")
pyodide.ffi._helpers.asModule(root("globals"), "js")
