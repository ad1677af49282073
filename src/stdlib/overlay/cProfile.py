"""The profiler that counts calls and times of functions, over _lsprof.

CPython's own module is not in the library's package.
"""

import importlib.machinery
import io
import marshal
import sys

import _lsprof
import profile as _pyprofile

__all__ = ["run", "runctx", "Profile"]


def run(statement, filename=None, sort=-1):
    """Run a statement under the profiler, and print what it found or write it to a file."""
    return _pyprofile._Utils(Profile).run(statement, filename, sort)


def runctx(statement, globals, locals, filename=None, sort=-1):
    """The same with these namespaces."""
    return _pyprofile._Utils(Profile).runctx(statement, globals, locals, filename, sort)


class Profile(_lsprof.Profiler):
    """Profile(timer=None, timeunit=None, subcalls=True, builtins=True): a profiler that can be switched on and off."""

    def snapshot_stats(self):
        entries = self.getstats()
        callers = {}
        self.stats = {}
        for entry in entries:
            called_by = callers[id(entry.code)] = {}
            primitive = entry.callcount - entry.reccallcount
            self.stats[label(entry.code)] = primitive, entry.callcount, entry.inlinetime, entry.totaltime, called_by
        for entry in entries:
            caller = label(entry.code)
            for sub in entry.calls or ():
                called_by = callers.get(id(sub.code))
                if called_by is None:
                    continue
                figures = sub.callcount, sub.callcount - sub.reccallcount, sub.inlinetime, sub.totaltime
                if caller in called_by:
                    figures = tuple([one + other for one, other in zip(figures, called_by[caller])])
                called_by[caller] = figures

    def __enter__(self):
        self.enable()
        return self

    def __exit__(self, *details):
        self.disable()

    def print_stats(self, sort=-1):
        import pstats
        if not isinstance(sort, tuple):
            sort = (sort,)
        pstats.Stats(self).strip_dirs().sort_stats(*sort).print_stats()

    def dump_stats(self, file):
        self.create_stats()
        with open(file, "wb") as stream:
            marshal.dump(self.stats, stream)

    def create_stats(self):
        self.disable()
        self.snapshot_stats()

    def run(self, cmd):
        import __main__
        names = __main__.__dict__
        return self.runctx(cmd, names, names)

    def runctx(self, cmd, globals, locals):
        self.enable()
        try:
            exec(cmd, globals, locals)
        finally:
            self.disable()
        return self

    def runcall(self, func, /, *args, **kw):
        self.enable()
        try:
            return func(*args, **kw)
        finally:
            self.disable()


def label(code):
    """File, line and name of a code object, as in statistics."""
    if isinstance(code, str):
        return "~", 0, code
    return code.co_filename, code.co_firstlineno, code.co_name


def main():
    """`python -m cProfile [-o FILE] [-s SORT] [-m MODULE | SCRIPT] ARGUMENT...`"""
    import argparse
    import os
    import runpy
    parser = argparse.ArgumentParser("cProfile", description="Run a script under the profiler.")
    parser.add_argument("-o", "--outfile", help="save the statistics in a file")
    parser.add_argument("-s", "--sort", default=2, help="the order of the table, as pstats names it")
    parser.add_argument("-m", dest="module", action="store_true", help="run a library module")
    parser.add_argument("script")
    parser.add_argument("args", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    sys.argv[:] = [options.script, *options.args]
    if options.module:
        names = {"run_module": runpy.run_module, "modname": options.script}
        code = compile("run_module(modname, run_name='__main__')", "<string>", "exec")
    else:
        sys.path.insert(0, os.path.dirname(options.script))
        with io.open_code(options.script) as stream:
            code = compile(stream.read(), options.script, "exec")
        spec = importlib.machinery.ModuleSpec(name="__main__", loader=None, origin=options.script)
        names = {"__spec__": spec, "__file__": spec.origin, "__name__": "__main__", "__package__": None, "__cached__": None}
    try:
        runctx(code, names, None, options.outfile, options.sort)
    except BrokenPipeError:
        sys.stdout = None
    return parser


if __name__ == "__main__":
    main()
