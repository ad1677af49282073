"""Running Python and JavaScript source."""

from .ffi import _helpers

_TOP_LEVEL_AWAIT = 0x2000

__all__ = ["CodeRunner", "eval_code", "eval_code_async", "find_imports", "relaxed_call", "relaxed_wrap", "run_js", "should_quiet"]


def run_js(code, /):
    """Evaluates JavaScript in the page's global scope."""
    if not isinstance(code, str):
        raise TypeError(f"argument should have type 'string' not type '{type(code).__name__}'")
    return _helpers.run(code)


def should_quiet(source, /):
    """Whether the source ends in a semicolon."""
    lines = source.rstrip().rsplit("\n", 1)
    text = lines[-1].split("#")[0].rstrip() if lines else ""
    return text.endswith(";")


class CodeRunner:
    """A source text, checked, then compiled, then run."""

    def __init__(self, source, *, return_mode="last_expr", mode="exec", quiet_trailing_semicolon=True, filename="<exec>", flags=0,
                 dont_inherit=False, optimize=-1):
        if return_mode not in ("last_expr", "last_expr_or_assign", "none"):
            raise ValueError(f"Unrecognized return_mode {return_mode!r}")
        self._filename = filename
        self.mode = mode
        self.flags = flags | _TOP_LEVEL_AWAIT
        self.source = source
        self.code = None
        self._value = None
        self._wants = return_mode != "none" and not (quiet_trailing_semicolon and should_quiet(source))
        self._assignments = return_mode == "last_expr_or_assign"
        compile(source, filename, mode, self.flags)

    @property
    def ast(self):
        """The source's syntax tree."""
        import ast

        return ast.parse(self.source, self._filename, self.mode)

    def compile(self):
        """Makes the code objects: the statements, and the last expression if its value is wanted."""
        self._value = None
        source = self.source
        if self._wants and self.mode == "exec":
            source = self._split()
        self.code = compile(source, self._filename, self.mode, self.flags)
        return self

    def _split(self):
        """Takes the last expression off. It starts in a line without indentation, or after a semicolon."""
        lines = self.source.rstrip().split("\n")
        for start in range(len(lines) - 1, -1, -1):
            line = lines[start]
            if not line or line[0] in " \t#)]}":
                continue
            line = line.rstrip()
            while line.endswith(";"):
                line = line[:-1].rstrip()
            lines[start] = line
            for at in [0] + [at + 1 for at, c in enumerate(line) if c == ";"]:
                head = "\n".join([*lines[:start], line[:at]])
                tail = "\n" * start + "\n".join([" " * at + line[at:], *lines[start + 1:]])
                if self._compiles(head, "exec") and (value := self._compiles("(" + tail.strip() + "\n)", "eval")):
                    if tail.strip() and self._compiles(tail.strip(), "eval"):
                        self._value = compile("\n" * start + " " * 0 + tail.strip(), self._filename, "eval", self.flags)
                        return head
            if self._assignments and self._compiles("\n".join(lines[start:]), "exec"):
                import re

                if match := re.match(r"(\w+)\s*(?:[-+*/%@&|^]|//|\*\*|<<|>>)?=(?!=)|(\w+)\s*:[^=]*=(?!=)", line):
                    self._value = compile(match[1] or match[2], self._filename, "eval", self.flags)
            return self.source
        return self.source

    def _compiles(self, source, mode):
        try:
            return compile(source, self._filename, mode, self.flags)
        except SyntaxError:
            return None

    def _parts(self):
        if self.code is None:
            raise RuntimeError("Not yet compiled")
        return [part for part in (self.code, self._value) if part is not None]

    def run(self, globals=None, locals=None):
        """Runs it and returns the value."""
        globals = _main() if globals is None else globals
        locals = globals if locals is None else locals
        value = None
        for part in self._parts():
            value = eval(part, globals, locals)
        return value if self._value is not None or self.mode == "eval" else None

    async def run_async(self, globals=None, locals=None):
        """Runs it, top-level await included, and returns the value."""
        globals = _main() if globals is None else globals
        locals = globals if locals is None else locals
        value = None
        for part in self._parts():
            value = eval(part, globals, locals)
            if part.co_flags & 0x80:
                value = await value
        return value if self._value is not None or self.mode == "eval" else None


def _main():
    import sys

    return sys.modules["__main__"].__dict__


def eval_code(source, globals=None, locals=None, *, return_mode="last_expr", quiet_trailing_semicolon=True, filename="<exec>", flags=0):
    """Runs source and returns its last expression's value."""
    runner = CodeRunner(source, return_mode=return_mode, quiet_trailing_semicolon=quiet_trailing_semicolon, filename=filename, flags=flags)
    return runner.compile().run(globals, locals)


async def eval_code_async(source, globals=None, locals=None, *, return_mode="last_expr", quiet_trailing_semicolon=True,
                          filename="<exec>", flags=0):
    """The same with top-level await."""
    runner = CodeRunner(source, return_mode=return_mode, quiet_trailing_semicolon=quiet_trailing_semicolon, filename=filename, flags=flags)
    return await runner.compile().run_async(globals, locals)


def find_imports(source):
    """The modules that the source imports."""
    import io
    import tokenize

    found = set()
    words = []
    try:
        compile(source, "<imports>", "exec", _TOP_LEVEL_AWAIT)
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER) or token.string == ";":
                found.update(_imported(words))
                words = []
            elif token.type in (tokenize.NAME, tokenize.OP):
                words.append(token.string)
                if token.string == ":" and words[0] not in ("import", "from"):
                    words = []
    except SyntaxError:
        return []
    return sorted(found)


def _imported(words):
    if words[:1] == ["from"] and "import" in words and words[1] != ".":
        yield from _with_parents("".join(words[1:words.index("import")]))
    elif words[:1] == ["import"]:
        for part in " ".join(words[1:]).split(","):
            yield from _with_parents(part.split(" as ")[0].replace(" ", ""))


def _with_parents(name):
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def relaxed_wrap(function):
    """A function that ignores the arguments it has no parameters for."""
    import functools

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return relaxed_call(function, *args, **kwargs)

    return wrapper


def relaxed_call(function, *args, **kwargs):
    """Calls with those of the arguments that the function takes."""
    code = getattr(function, "__code__", None)
    if code is not None:
        skip = 1 if hasattr(function, "__self__") else 0
        if not code.co_flags & 0x04:
            args = args[: code.co_argcount - skip]
        if not code.co_flags & 0x08:
            names = code.co_varnames[code.co_posonlyargcount : code.co_argcount + code.co_kwonlyargcount]
            kwargs = {name: value for name, value in kwargs.items() if name in names}
    return function(*args, **kwargs)
