"""The part of unittest that CPython's tests of the language use."""
import sys


class SkipTest(Exception):
    pass


class _Raises:
    """The context manager behind assertRaises and its relatives."""

    def __init__(self, expected, pattern=None):
        self.expected, self.pattern, self.msg = expected, pattern, None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        if kind is None:
            names = getattr(self.expected, "__name__", None) or self.expected
            raise AssertionError(f"{names} not raised")
        if not issubclass(kind, self.expected):
            return False
        self.exception = value.with_traceback(None)
        if self.pattern is not None:
            import re
            pattern = re.compile(self.pattern) if isinstance(self.pattern, str) else self.pattern
            if not pattern.search(str(value)):
                raise AssertionError(f"{pattern.pattern!r} does not match {str(value)!r}")
        return True


class _Warns:
    def __init__(self, category, pattern=None):
        self.category, self.pattern = category, pattern

    def __enter__(self):
        import warnings
        self.catcher = warnings.catch_warnings(record=True)
        self.warnings = self.catcher.__enter__()
        warnings.simplefilter("always")
        return self

    def __exit__(self, kind, value, traceback):
        self.catcher.__exit__(kind, value, traceback)
        if kind is None:
            for warning in self.warnings:
                if issubclass(warning.category, self.category):
                    self.warning, self.filename, self.lineno = warning.message, warning.filename, warning.lineno
                    return
            raise AssertionError(f"{self.category} not triggered")


class _SubTest:
    def __enter__(self):
        pass

    def __exit__(self, *exc):
        return False


class TestCase:
    maxDiff = None
    longMessage = True
    failureException = AssertionError

    def __init__(self, methodName="runTest"):
        self._testMethodName = methodName
        self._cleanups = []

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def setUp(self):
        pass

    def tearDown(self):
        pass

    def id(self):
        return f"{type(self).__module__}.{type(self).__qualname__}.{self._testMethodName}"

    def addCleanup(self, function, *args, **kwargs):
        self._cleanups.append((function, args, kwargs))

    def doCleanups(self):
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            function(*args, **kwargs)

    def enterContext(self, manager):
        value = manager.__enter__()
        self.addCleanup(manager.__exit__, None, None, None)
        return value

    def addTypeEqualityFunc(self, kind, function):
        pass

    def subTest(self, msg=None, **params):
        return _SubTest()

    def skipTest(self, reason):
        raise SkipTest(reason)

    def fail(self, msg=None):
        raise AssertionError(msg)

    def _check(self, truth, text, msg):
        if not truth:
            raise AssertionError(text if msg is None else f"{text} : {msg}")

    def assertTrue(self, expr, msg=None):
        self._check(expr, f"{expr!r} is not true", msg)

    def assertFalse(self, expr, msg=None):
        self._check(not expr, f"{expr!r} is not false", msg)

    def assertEqual(self, first, second, msg=None):
        self._check(first == second, f"{first!r} != {second!r}" if not first == second else "", msg)

    def assertNotEqual(self, first, second, msg=None):
        self._check(first != second, f"{first!r} == {second!r}" if not first != second else "", msg)

    def assertIs(self, first, second, msg=None):
        self._check(first is second, "not the same object", msg)

    def assertIsNot(self, first, second, msg=None):
        self._check(first is not second, "the same object", msg)

    def assertIsNone(self, obj, msg=None):
        self._check(obj is None, "is not None", msg)

    def assertIsNotNone(self, obj, msg=None):
        self._check(obj is not None, "is None", msg)

    def assertIn(self, member, container, msg=None):
        self._check(member in container, f"{member!r} not found", msg)

    def assertNotIn(self, member, container, msg=None):
        self._check(member not in container, f"{member!r} unexpectedly found", msg)

    def assertIsInstance(self, obj, cls, msg=None):
        self._check(isinstance(obj, cls), f"{type(obj).__name__} is not an instance of {cls!r}", msg)

    def assertNotIsInstance(self, obj, cls, msg=None):
        self._check(not isinstance(obj, cls), f"an instance of {cls!r}", msg)

    def assertLess(self, a, b, msg=None):
        self._check(a < b, f"{a!r} not less than {b!r}", msg)

    def assertLessEqual(self, a, b, msg=None):
        self._check(a <= b, f"{a!r} not less than or equal to {b!r}", msg)

    def assertGreater(self, a, b, msg=None):
        self._check(a > b, f"{a!r} not greater than {b!r}", msg)

    def assertGreaterEqual(self, a, b, msg=None):
        self._check(a >= b, f"{a!r} not greater than or equal to {b!r}", msg)

    def assertAlmostEqual(self, first, second, places=7, msg=None, delta=None):
        if first == second:
            return
        difference = abs(first - second)
        close = difference <= delta if delta is not None else round(difference, places) == 0
        self._check(close, f"{first!r} != {second!r} within {places} places", msg)

    def assertNotAlmostEqual(self, first, second, places=7, msg=None, delta=None):
        difference = abs(first - second)
        close = difference <= delta if delta is not None else round(difference, places) == 0
        self._check(not close and first != second, f"{first!r} == {second!r} within {places} places", msg)

    def assertCountEqual(self, first, second, msg=None):
        rest = list(second)
        for item in first:
            self._check(item in rest, f"{item!r} is too many", msg)
            rest.remove(item)
        self._check(not rest, f"missing: {rest!r}", msg)

    def assertRegex(self, text, pattern, msg=None):
        import re
        self._check(re.search(pattern, text), f"{pattern!r} does not match {text!r}", msg)

    def assertNotRegex(self, text, pattern, msg=None):
        import re
        self._check(not re.search(pattern, text), f"{pattern!r} matches {text!r}", msg)

    def assertRaises(self, expected, *args, **kwargs):
        context = _Raises(expected)
        if not args:
            return context
        with context:
            args[0](*args[1:], **kwargs)

    def assertRaisesRegex(self, expected, pattern, *args, **kwargs):
        context = _Raises(expected, pattern)
        if not args:
            return context
        with context:
            args[0](*args[1:], **kwargs)

    def assertWarns(self, category, *args, **kwargs):
        context = _Warns(category)
        if not args:
            return context
        with context:
            args[0](*args[1:], **kwargs)

    def assertWarnsRegex(self, category, pattern, *args, **kwargs):
        return self.assertWarns(category, *args, **kwargs)


def _assert_sequence_equal(self, first, second, msg=None, seq_type=None):
    self.assertEqual(list(first), list(second), msg)


TestCase.assertSequenceEqual = _assert_sequence_equal
for _name in "List Tuple Dict Set MultiLine".split():
    setattr(TestCase, f"assert{_name}Equal", lambda self, first, second, msg=None: self.assertEqual(first, second, msg))


def skip(reason):
    def mark(item):
        item.__unittest_skip__ = reason
        return item
    return mark


def skipIf(condition, reason):
    return skip(reason) if condition else lambda item: item


def skipUnless(condition, reason):
    return skip(reason) if not condition else lambda item: item


def expectedFailure(item):
    item.__unittest_expecting_failure__ = True
    return item


def main(*args, **kwargs):
    pass


class TestSuite:
    pass


class TestLoader:
    pass


defaultTestLoader = TestLoader()


def run_module(module, name):
    """Runs every test method of the module's classes: one line each, `ok`, `FAIL` or `skip`, identifier, reason."""
    for class_name, cls in sorted(vars(module).items(), key=lambda item: item[0]):
        if isinstance(cls, type) and issubclass(cls, TestCase) and cls.__module__ == module.__name__:
            run_class(cls, f"{name}.{class_name}")


def run_class(cls, label):
    methods = sorted(method for method in dir(cls) if method.startswith("test") and callable(getattr(cls, method, None)))
    reason = getattr(cls, "__unittest_skip__", None)
    if reason is None and methods:
        try:
            cls.setUpClass()
        except SkipTest as error:
            reason = str(error)
        except Exception as error:
            print(f"FAIL\t{label}\tsetUpClass: {describe(error)}", flush=True)
            return
    for method in methods:
        skipped = reason or getattr(getattr(cls, method), "__unittest_skip__", None)
        if skipped:
            print(f"skip\t{label}.{method}\t{first_line(skipped)}", flush=True)
        else:
            run_method(cls, method, f"{label}.{method}")
    if reason is None and methods:
        cls.tearDownClass()


def run_method(cls, method, label):
    verdict, why = "ok", ""
    try:
        case = cls(method)
        case.setUp()
        try:
            getattr(case, method)()
        finally:
            case.tearDown()
            case.doCleanups()
    except SkipTest as error:
        verdict, why = "skip", first_line(str(error))
    except Exception as error:
        verdict, why = "FAIL", describe(error)
    if getattr(getattr(cls, method), "__unittest_expecting_failure__", False):
        verdict, why = ("ok", "") if verdict == "FAIL" else ("FAIL", "unexpected success")
    print(f"{verdict}\t{label}\t{why}", flush=True)


def describe(error):
    traceback, lines = error.__traceback__, []
    while traceback:
        lines.append(str(traceback.tb_lineno))
        traceback = traceback.tb_next
    return first_line(f"{type(error).__name__}: {error}") + f" (lines {', '.join(lines[1:5])})"


def first_line(text):
    return (str(text).split("\n") or [""])[0][:200].replace("\t", " ")
