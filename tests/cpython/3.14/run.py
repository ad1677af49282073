# run.py MODULE [PATTERN]: runs a test module of CPython's suite with the library's own unittest and prints one line for each test.
import sys
import unittest

def name_of(test):
    return test.id().removeprefix("test.").replace("\n", " ").replace("\t", " ").split(": ")[0]


def describe(error):
    kind, value, traceback = error
    lines = []
    while traceback:
        lines.append(str(traceback.tb_lineno))
        traceback = traceback.tb_next
    try:
        text = str(value)
    except Exception as inner:
        text = f"<{type(inner).__name__}>"
    if kind is AssertionError and text.startswith("Failed doctest"):
        text = text[text.find("File"):]
        text = text[text.find("\n") :]
    text = " ".join(text.split())
    return f"{kind.__name__}: {text[:300]} (lines {', '.join(lines[-4:])})"


class Result(unittest.TestResult):
    def startTest(self, test):
        super().startTest(test)
        self.failed = None
        self.skip = None

    def stopTest(self, test):
        super().stopTest(test)
        self.line("FAIL" if self.failed else "skip" if self.skip else "ok", test, self.failed or self.skip or "")

    def line(self, kind, test, why):
        # Reasons may hold lone surrogates.
        why = why.encode("utf-8", "backslashreplace").decode()
        print(kind, name_of(test), why, sep="\t", file=sys.__stdout__, flush=True)

    def addFailure(self, test, error):
        if hasattr(test, "_testMethodName") or hasattr(test, "_dt_test"):
            self.failed = self.failed or describe(error)
        else:
            # Of a class's or a module's set-up.
            self.line("FAIL", test, describe(error))

    addError = addFailure

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.failed = self.failed or subtest._subDescription() + " " + describe(error)

    def addSkip(self, test, reason):
        if hasattr(test, "_testMethodName") or hasattr(test, "_dt_test"):
            self.skip = reason or "no reason"
        else:
            self.line("skip", test, reason)

    def addUnexpectedSuccess(self, test):
        self.failed = "passes, though it is expected to fail"

    def addExpectedFailure(self, test, error):
        pass


# Modules that skip everything where there are no subprocesses, though few of their tests start one.
FEW_PROCESSES = ["test_argparse", "test_optparse", "test_getopt"]


# Modules with tests that take minutes; CPython's own runner leaves them out, too, unless they are asked for.
WITHOUT_SLOW_TESTS = ["test_hashlib", "test_tarfile", "test_zipimport"]


def main(name, pattern=None):
    from test import support

    support.verbose = 0
    # Sockets reach the session's own network, which the suite does not expect on this platform.
    support.has_socket_support = True
    if name in WITHOUT_SLOW_TESTS:
        support.use_resources = {}
    if name in FEW_PROCESSES:
        support.has_subprocess_support = True
    if name == "test_asyncio.test_events":
        # Imported for the tests of pseudo-terminals, which are skipped.
        sys.modules["tty"] = type(sys)("tty")
    if name in ("test_asyncio.test_eager_task_factory", "test_asyncio.test_futures2"):
        import asyncio

        # They name what `_asyncio` has without asking whether it is there.
        tasks = asyncio.tasks
        tasks._CTask = tasks._PyTask
        for own in [own for own in dir(tasks) if own.startswith("_py_")]:
            setattr(tasks, "_c" + own[3:], getattr(tasks, own))
    loader = unittest.defaultTestLoader
    if pattern:
        loader.testNamePatterns = [f"*{pattern}*"]
    try:
        suite = loader.loadTestsFromName(f"test.{name}")
    except unittest.SkipTest as error:
        print(f"skip\t{name}\t{error}")
    else:
        suite.run(Result())
    print("end", flush=True, file=sys.__stdout__)


main(*sys.argv[1:])
