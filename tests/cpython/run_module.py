# run_module.py SHIM SUITE MODULE: runs a test module of CPython's suite and prints one line for each test.
import sys

shim, suite, name = sys.argv[1:4]
sys.path.insert(0, shim)
import test

test.__path__.append(suite)
sys.argv = [name]
import unittest

try:
    module = __import__(f"test.{name}", fromlist=["*"])
except unittest.SkipTest as error:
    print(f"skip\t{name}\t{error}")
except ImportError as error:
    print(f"skip\t{name}\t{error}")
else:
    unittest.run_module(module, name)
print("end")
