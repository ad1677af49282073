"""Running Python as a process of its own: not here."""
import unittest


def assert_python_ok(*args, **kwargs):
    raise unittest.SkipTest("needs a process of its own")


assert_python_failure = run_python_until_end = spawn_python = make_script = assert_python_ok
