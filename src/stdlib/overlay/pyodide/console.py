"""An interactive console for pages that make their own."""

import builtins
import codeop
import contextlib
import sys
import traceback

from .code import CodeRunner

__all__ = ["BANNER", "Console", "ConsoleFuture", "PyodideConsole", "repr_shorten"]

BANNER = f"Python {sys.version.split()[0]} (Snakelet)\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information."

_COROUTINE = 0x80
_TOP_LEVEL_AWAIT = 0x2000


class ConsoleFuture:
    """What push() answers: its state at once, its value when awaited."""

    def __init__(self, syntax_check):
        self.syntax_check = syntax_check
        self.formatted_error = None
        self._coroutine = None
        self._value = None
        self._error = None

    def __await__(self):
        coroutine, self._coroutine = self._coroutine, None
        if coroutine is not None:
            yield from coroutine.__await__()
        if self._error is not None:
            raise self._error
        return self._value

    def done(self):
        return self._coroutine is None

    def result(self):
        if self._error is not None:
            raise self._error
        return self._value

    def exception(self):
        return self._error


class _Output:
    """A stream that hands its text to a function."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, callback):
        self._callback = callback

    def write(self, text):
        self._callback(text)
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return True

    def writable(self):
        return True


class _Input:
    """A stream that gets its text from a function."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, callback):
        self._callback = callback

    def readline(self, size=-1):
        return self._callback(size)

    def read(self, size=-1):
        return self._callback(size)

    def isatty(self):
        return True

    def readable(self):
        return True


class Console:
    """Takes lines, runs what is complete."""

    def __init__(self, globals=None, *, stdin_callback=None, stdout_callback=None, stderr_callback=None, persistent_stream_redirection=False,
                 filename="<console>"):
        self.globals = {"__name__": "__console__", "__doc__": None} if globals is None else globals
        self.filename = filename
        self.buffer = []
        self.stdin_callback = stdin_callback
        self.stdout_callback = stdout_callback
        self.stderr_callback = stderr_callback
        self._compile = codeop.CommandCompiler()
        self._compile.compiler.flags |= _TOP_LEVEL_AWAIT
        self._redirection = None
        if persistent_stream_redirection:
            self.persistent_redirect_streams()

    # Streams

    def persistent_redirect_streams(self):
        """Redirects the standard streams until persistent_restore_streams()."""
        if self._redirection is None:
            self._redirection = contextlib.ExitStack()
            self._redirection.enter_context(self._redirected())

    def persistent_restore_streams(self):
        """Takes back what persistent_redirect_streams() did."""
        if self._redirection is not None:
            self._redirection.close()
            self._redirection = None

    def redirect_streams(self):
        """A context in which the standard streams are the callbacks."""
        return contextlib.nullcontext() if self._redirection is not None else self._redirected()

    @contextlib.contextmanager
    def _redirected(self):
        before = sys.stdin, sys.stdout, sys.stderr
        if self.stdin_callback:
            sys.stdin = _Input(self.stdin_callback)
        if self.stdout_callback:
            sys.stdout = _Output(self.stdout_callback)
        if self.stderr_callback:
            sys.stderr = _Output(self.stderr_callback)
        try:
            yield
        finally:
            sys.stdin, sys.stdout, sys.stderr = before

    # Running

    def push(self, line):
        """Adds a line; runs the block if it is complete."""
        self.buffer.append(line)
        future = self.runsource("\n".join(self.buffer), self.filename)
        if future.syntax_check != "incomplete":
            self.buffer = []
        return future

    def runsource(self, source, filename="<console>"):
        """Checks a source, and runs it if it is complete."""
        try:
            if self._compile(source, filename, "single") is None:
                return ConsoleFuture("incomplete")
        except (OverflowError, SyntaxError, ValueError) as error:
            return self._refused(error)
        try:
            runner = CodeRunner(source, filename=filename).compile()
        except (OverflowError, SyntaxError, ValueError) as error:
            return self._refused(error)
        future = ConsoleFuture("complete")
        future._coroutine = self._finish(future, source, runner)
        if not any(part.co_flags & _COROUTINE for part in runner._parts()):
            # Nothing to wait for: it is over when push() returns.
            coroutine, future._coroutine = future._coroutine, None
            try:
                coroutine.send(None)
            except StopIteration:
                pass
        return future

    def _refused(self, error):
        future = ConsoleFuture("syntax-error")
        future.formatted_error = self.formatsyntaxerror(error)
        future._error = error
        return future

    async def _finish(self, future, source, runner):
        try:
            future._value = await self.runcode(source, runner)
        except BaseException as error:
            future.formatted_error = self.formattraceback(error)
            future._error = error

    async def runcode(self, source, code):
        """Runs a compiled source; its value becomes `_`."""
        with self.redirect_streams():
            value = await code.run_async(self.globals)
        if value is not None:
            builtins._ = value
        return value

    def formattraceback(self, error):
        """The traceback as text, from the console's own code on."""
        sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
        frame = error.__traceback__
        while frame is not None and frame.tb_frame.f_code.co_filename != self.filename:
            frame = frame.tb_next
        return "".join(traceback.format_exception(type(error), error, frame or error.__traceback__))

    def formatsyntaxerror(self, error):
        """The same for an error of the parser."""
        sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
        return "".join(traceback.format_exception_only(type(error), error))

    def complete(self, source):
        """What can stand at the end of the source, and where it starts."""
        import rlcompleter

        completer = rlcompleter.Completer(self.globals)
        start = max(map(source.rfind, " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?")) + 1
        found = []
        while (item := completer.complete(source[start:], len(found))) is not None:
            found.append(item)
        return found, start


class PyodideConsole(Console):
    """The same; imports need no preparation here."""


def repr_shorten(value, limit=1000, split=None, separator="..."):
    """repr(value), its middle left out if it is long."""
    split = limit // 2 if split is None else split
    text = repr(value)
    if len(text) > limit:
        text = f"{text[:split]}{separator}{text[-split:]}"
    return text
