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
    if ";" not in source:
        return False
    import io
    import tokenize

    last = ""
    quiet = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type not in quiet:
                last = token.string
    except (SyntaxError, tokenize.TokenError):
        pass
    return last == ";"


def _dedented(source):
    """The source without the indentation that all its lines share, if its first line has some."""
    for line in source.splitlines():
        if line.strip():
            if line[0] not in " \t":
                return source
            break
    import textwrap

    return textwrap.dedent(source)


class CodeRunner:
    """A source text, parsed, then compiled, then run. Between the steps its tree or its code can be changed."""

    def __init__(self, source, *, return_mode="last_expr", mode="exec", quiet_trailing_semicolon=True, filename="<exec>", flags=0,
                 dont_inherit=False, optimize=-1, dedent=None):
        import ast

        # None: only if the source is indented as a whole.
        if dedent is not False:
            source = _dedented(source)
        self._filename = filename
        self.mode = mode
        self.flags = flags | _TOP_LEVEL_AWAIT
        self.source = source
        self.optimize = optimize
        self.return_mode = "none" if quiet_trailing_semicolon and should_quiet(source) else return_mode
        self.ast = compile(source, filename, mode, self.flags | ast.PyCF_ONLY_AST, dont_inherit, optimize)
        self._last = None

    def compile(self):
        """Makes the code objects: the statements, and the last expression if its value is wanted."""
        import ast

        tree = self.ast
        self._last = None
        body = getattr(tree, "body", None)
        if self.return_mode != "none" and isinstance(body, list) and body:
            if value := _value(ast, body[-1], self.return_mode):
                self._last = self._compiled(ast.Expression(value), "eval")
                if isinstance(body[-1], ast.Expr):
                    tree = ast.Module(body[:-1], getattr(tree, "type_ignores", []))
        mode = "exec" if isinstance(tree, ast.Module) else self.mode
        self.code = self._compiled(tree, mode)
        return self

    def _compiled(self, tree, mode):
        code = compile(tree, self._filename, mode, self.flags, True, self.optimize)
        if self._filename == "<exec>":
            # Tracebacks show the lines of what is nowhere else.
            import linecache

            linecache.cache[self._filename] = (len(self.source), None, self.source.splitlines(True), self._filename)
        return code

    def _parts(self):
        if not hasattr(self, "code"):
            raise RuntimeError("Not yet compiled")
        return [self.code] if self._last is None else [self.code, self._last]

    def run(self, globals=None, locals=None):
        """Runs it and returns the value."""
        globals = _main() if globals is None else globals
        locals = globals if locals is None else locals
        value = None
        for part in self._parts():
            value = eval(part, globals, locals)
        return value if self._last is not None or self.mode == "eval" else None

    async def run_async(self, globals=None, locals=None):
        """Runs it, top-level await included, and returns the value."""
        globals = _main() if globals is None else globals
        locals = globals if locals is None else locals
        value = None
        for part in self._parts():
            value = eval(part, globals, locals)
            if part.co_flags & 0x80:
                value = await value
        return value if self._last is not None or self.mode == "eval" else None


def _value(ast, statement, return_mode):
    """The expression whose value the last statement gives."""
    if isinstance(statement, ast.Expr):
        return statement.value
    if return_mode != "last_expr_or_assign":
        return None
    if isinstance(statement, ast.Assign):
        target = statement.targets[0]
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign)) and statement.value is not None:
        target = statement.target
    else:
        return None
    if not isinstance(target, ast.Name):
        return None
    return ast.copy_location(ast.Name(target.id, ast.Load()), target)


def _main():
    import sys

    return sys.modules["__main__"].__dict__


def eval_code(source, globals=None, locals=None, *, return_mode="last_expr", quiet_trailing_semicolon=True, filename="<exec>", flags=0,
              dont_inherit=False, optimize=-1, dedent=None):
    """Runs source and returns its last expression's value."""
    runner = CodeRunner(source, return_mode=return_mode, quiet_trailing_semicolon=quiet_trailing_semicolon, filename=filename, flags=flags,
                        dont_inherit=dont_inherit, optimize=optimize, dedent=dedent)
    return runner.compile().run(globals, locals)


async def eval_code_async(source, globals=None, locals=None, *, return_mode="last_expr", quiet_trailing_semicolon=True,
                          filename="<exec>", flags=0, dont_inherit=False, optimize=-1, dedent=None):
    """The same with top-level await."""
    runner = CodeRunner(source, return_mode=return_mode, quiet_trailing_semicolon=quiet_trailing_semicolon, filename=filename, flags=flags,
                        dont_inherit=dont_inherit, optimize=optimize, dedent=dedent)
    return await runner.compile().run_async(globals, locals)


def find_imports(source):
    """The modules that the source imports."""
    import ast

    try:
        tree = ast.parse(_dedented(source))
    except SyntaxError:
        return []
    found = set()
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for name in names:
            parts = name.split(".")
            found.update(".".join(parts[:count]) for count in range(1, len(parts) + 1))
    return sorted(found)


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
