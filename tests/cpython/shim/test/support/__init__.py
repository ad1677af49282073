"""The part of test.support that the tests of the language use."""
import sys
import unittest

verbose = False
is_emscripten = is_wasi = False
has_fork_support = has_subprocess_support = has_socket_support = False
Py_DEBUG = False
MAX_Py_ssize_t = sys.maxsize
TestFailed = AssertionError


class _Always:
    def __init__(self, answer):
        self.answer = answer

    def __eq__(self, other):
        return self.answer

    def __ne__(self, other):
        return not self.answer

    def __hash__(self):
        return 1


ALWAYS_EQ = _Always(True)
NEVER_EQ = _Always(False)
NHASHBITS = sys.hash_info.width


class _Largest:
    def __eq__(self, other):
        return isinstance(other, _Largest)

    def __lt__(self, other):
        return False

    def __le__(self, other):
        return isinstance(other, _Largest)

    def __gt__(self, other):
        return not isinstance(other, _Largest)

    def __ge__(self, other):
        return True


class _Smallest:
    def __eq__(self, other):
        return isinstance(other, _Smallest)

    def __lt__(self, other):
        return not isinstance(other, _Smallest)

    def __le__(self, other):
        return True

    def __gt__(self, other):
        return False

    def __ge__(self, other):
        return isinstance(other, _Smallest)


LARGEST, SMALLEST = _Largest(), _Smallest()


def _skip_marker(reason):
    return unittest.skip(reason)


cpython_only = _skip_marker("specific to CPython")
refcount_test = _skip_marker("counts references as CPython does")
no_tracing = requires_IEEE_754 = requires_docstrings = lambda item: item
HAVE_DOCSTRINGS = MISSING_C_DOCSTRINGS = False


def impl_detail(msg=None, **guards):
    return _skip_marker("an implementation detail")


def check_impl_detail(**guards):
    return False


def bigmemtest(*args, **kwargs):
    return _skip_marker("needs much memory")


bigaddrspacetest = _skip_marker("needs much memory")


def requires_resource(resource):
    return _skip_marker(f"needs the resource {resource}")


def requires(resource, msg=None):
    raise unittest.SkipTest(f"needs the resource {resource}")


def anticipate_failure(condition):
    return unittest.expectedFailure if condition else lambda item: item


def gc_collect():
    import gc
    gc.collect()


def run_unittest(*classes):
    pass


def run_doctest(*args, **kwargs):
    pass


def check_syntax_error(testcase, statement, errtext="", *, lineno=None, offset=None):
    with testcase.assertRaisesRegex(SyntaxError, errtext) if errtext else testcase.assertRaises(SyntaxError) as context:
        compile(statement, "<test string>", "exec")
    error = context.exception
    testcase.assertIsNotNone(error.lineno)
    if lineno is not None:
        testcase.assertEqual(error.lineno, lineno)
    testcase.assertIsNotNone(error.offset)
    if offset is not None:
        testcase.assertEqual(error.offset, offset)


def check_free_after_iterating(test, iterate, cls, args=()):
    class Sub(cls):
        def __del__(self):
            nonlocal done
            done = True
            try:
                next(it)
            except StopIteration:
                pass

    done = False
    it = iterate(Sub(*args))
    test.assertRaises(StopIteration, next, it)
    gc_collect()
    test.assertTrue(done)


class _Captured:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        import io
        self.old = getattr(sys, self.name)
        stream = io.StringIO()
        setattr(sys, self.name, stream)
        return stream

    def __exit__(self, *exc):
        setattr(sys, self.name, self.old)


def captured_stdout():
    return _Captured("stdout")


def captured_stderr():
    return _Captured("stderr")


def captured_stdin():
    return _Captured("stdin")


class swap_attr:
    def __init__(self, obj, name, value):
        self.obj, self.name, self.value = obj, name, value

    def __enter__(self):
        self.had = hasattr(self.obj, self.name)
        self.old = getattr(self.obj, self.name, None)
        setattr(self.obj, self.name, self.value)
        return self.old

    def __exit__(self, *exc):
        if self.had:
            setattr(self.obj, self.name, self.old)
        else:
            delattr(self.obj, self.name)


class swap_item:
    def __init__(self, obj, key, value):
        self.obj, self.key, self.value = obj, key, value

    def __enter__(self):
        self.had = self.key in self.obj
        self.old = self.obj.get(self.key)
        self.obj[self.key] = self.value
        return self.old

    def __exit__(self, *exc):
        if self.had:
            self.obj[self.key] = self.old
        else:
            del self.obj[self.key]


class adjust_int_max_str_digits:
    def __init__(self, limit):
        self.limit = limit

    def __enter__(self):
        self.old = sys.get_int_max_str_digits()
        sys.set_int_max_str_digits(self.limit)

    def __exit__(self, *exc):
        sys.set_int_max_str_digits(self.old)


class infinite_recursion:
    """Lowers the recursion limit; a context manager and a decorator."""

    def __init__(self, max_depth=75):
        self.max_depth = max_depth

    def __enter__(self):
        self.old = sys.getrecursionlimit()
        sys.setrecursionlimit(self.max_depth + 50)

    def __exit__(self, *exc):
        sys.setrecursionlimit(self.old)

    def __call__(self, test):
        def wrapper(*args):
            with self:
                return test(*args)
        return wrapper


class catch_unraisable_exception:
    def __enter__(self):
        self.unraisable = None
        self.old, sys.unraisablehook = sys.unraisablehook, lambda unraisable: setattr(self, "unraisable", unraisable)
        return self

    def __exit__(self, *exc):
        sys.unraisablehook = self.old
        del self.unraisable


def check__all__(*args, **kwargs):
    pass


def import_fresh_module(name, *args, **kwargs):
    return __import__(name)
