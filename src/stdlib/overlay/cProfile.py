"""The profiler with the interface of CPython's C one, made of module profile's.

There is no _lsprof here: events go through sys.setprofile, so the profiled program runs slower, and the figures include that.
"""

import importlib.machinery
import io
import marshal
import sys
import time

import profile as _pyprofile

__all__ = ["run", "runctx", "Profile"]


def run(statement, filename=None, sort=-1):
    """Run a statement under the profiler, and print what it found or write it to a file."""
    return _pyprofile._Utils(Profile).run(statement, filename, sort)


def runctx(statement, globals, locals, filename=None, sort=-1):
    """The same with these namespaces."""
    return _pyprofile._Utils(Profile).runctx(statement, globals, locals, filename, sort)


class Profile:
    """Profile(timer=None, timeunit=None, subcalls=True, builtins=True): a profiler that can be switched on and off."""

    def __init__(self, timer=None, timeunit=0.0, subcalls=True, builtins=True):
        self._timer = timer or time.perf_counter
        self._builtins = builtins
        self.clear()

    def enable(self, subcalls=True, builtins=True):
        """Start collecting."""
        self._builtins = self._builtins and builtins
        self._stack = []
        sys.setprofile(self._event)

    def disable(self):
        """Stop collecting."""
        sys.setprofile(None)

    def clear(self):
        """Forget what was collected."""
        # By function: primitive calls, calls, time in itself, time with what it called, and the same by caller.
        self._entries = {}
        self._active = {}
        self._stack = []

    def _event(self, frame, event, argument):
        now = self._timer()
        if event == "call":
            self._enter(label(frame.f_code), now)
        elif event == "c_call":
            if self._builtins and argument.__name__ != "setprofile":
                owner = getattr(argument, "__module__", None) or ""
                self._enter(("~", 0, f"<built-in method {owner + '.' if owner else ''}{argument.__qualname__}>"), now)
        elif self._stack and (event == "return" or self._builtins):
            # What had begun before the profiler did is left out.
            if event == "return" and label(frame.f_code) != self._stack[-1][0]:
                return
            if event != "return" and self._stack[-1][0][0] != "~":
                return
            self._leave(now)

    def _enter(self, key, now):
        self._active[key] = self._active.get(key, 0) + 1
        self._stack.append([key, now, 0.0])

    def _leave(self, now):
        key, start, inner = self._stack.pop()
        whole = now - start
        self._active[key] -= 1
        primitive = self._active[key] == 0
        entry = self._entries.setdefault(key, [0, 0, 0.0, 0.0, {}])
        records = [entry]
        if self._stack:
            caller = self._stack[-1]
            caller[2] += whole
            records.append(entry[4].setdefault(caller[0], [0, 0, 0.0, 0.0]))
        for record in records:
            record[0] += primitive
            record[1] += 1
            record[2] += whole - inner
            if primitive:
                record[3] += whole

    def snapshot_stats(self):
        self.stats = {
            key: (*entry[:4], {caller: tuple(record) for caller, record in entry[4].items()}) for key, entry in self._entries.items()
        }

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
