"""The page's global JavaScript object: importing this module gives it."""

import sys

import pyodide.ffi
from _js import root

sys.modules[__name__] = root("globals")
