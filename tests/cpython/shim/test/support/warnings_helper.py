"""Warnings, expected and not."""
import warnings


class check_warnings:
    def __init__(self, *filters, quiet=True):
        self.catcher = warnings.catch_warnings(record=True)

    def __enter__(self):
        self.warnings = self.catcher.__enter__()
        warnings.simplefilter("always")
        return self

    def __exit__(self, *exc):
        self.catcher.__exit__(*exc)


check_no_resource_warning = lambda testcase: check_warnings()


def ignore_warnings(*, category):
    def decorate(test):
        def wrapper(self, *args, **kwargs):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", category=category)
                return test(self, *args, **kwargs)
        return wrapper
    return decorate


def check_syntax_warning(testcase, statement, errtext="", *, lineno=1, offset=None):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", SyntaxWarning)
        compile(statement, "<testcase>", "exec")
    testcase.assertEqual(len(caught), 1)
    testcase.assertTrue(issubclass(caught[0].category, SyntaxWarning))
    testcase.assertEqual(caught[0].lineno, lineno)


class check_no_warnings:
    def __init__(self, testcase, message="", category=Warning, force_gc=False):
        self.testcase, self.catcher = testcase, warnings.catch_warnings(record=True)

    def __enter__(self):
        self.caught = self.catcher.__enter__()
        warnings.simplefilter("always")

    def __exit__(self, *exc):
        self.catcher.__exit__(*exc)
        self.testcase.assertEqual(self.caught, [])
