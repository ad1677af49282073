"""An interactive console for pages that make their own."""

import builtins
import codeop
import sys
import traceback

from .code import CodeRunner

__all__ = ["BANNER", "Console", "ConsoleFuture", "PyodideConsole", "repr_shorten"]

BANNER = f"Python {sys.version.split()[0]} (Snakelet)\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information."


class ConsoleFuture:
    """What push() answers: its state at once, its value when awaited."""

    def __init__(self, syntax_check):
        self.syntax_check = syntax_check
        self.formatted_error = None
        self._run = None

    def __await__(self):
        if self._run is None:
            return None
        return (yield from self._run().__await__())


class Console:
    """Takes lines, runs what is complete."""

    def __init__(self, globals=None, *, stdin_callback=None, stdout_callback=None, stderr_callback=None, persistent_stream_redirection=False,
                 filename="<console>"):
        self.globals = {"__name__": "__console__", "__doc__": None} if globals is None else globals
        self.filename = filename
        self.buffer = []
        self._compile = codeop.CommandCompiler()
        self.stdout_callback = stdout_callback
        self.stderr_callback = stderr_callback

    def push(self, line):
        """Adds a line; runs the block if it is complete."""
        self.buffer.append(line)
        source = "\n".join(self.buffer)
        try:
            code = self._compile(source, self.filename)
        except (OverflowError, SyntaxError, ValueError) as error:
            self.buffer = []
            future = ConsoleFuture("syntax-error")
            future.formatted_error = "".join(traceback.format_exception_only(type(error), error))

            async def fail():
                raise error

            future._run = fail
            return future
        if code is None:
            return ConsoleFuture("incomplete")
        self.buffer = []
        future = ConsoleFuture("complete")

        async def run():
            try:
                return await self.runcode(source, CodeRunner(source, filename=self.filename).compile())
            except BaseException as error:
                future.formatted_error = self.formattraceback(error)
                raise

        future._run = run
        return future

    async def runcode(self, source, code):
        value = await code.run_async(self.globals)
        if value is not None:
            builtins._ = value
        return value

    def formattraceback(self, error):
        return "".join(traceback.format_exception(error))

    def formatsyntaxerror(self, error):
        return "".join(traceback.format_exception_only(error))

    def complete(self, source):
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
