"""Interpreters beside this one: what concurrent.interpreters is built on.

The runtime keeps their sessions (_subinterpreters); what crosses between them is the business of _interpside.
"""

import sys
import types

import _interpside
import _subinterpreters

WHENCE_UNKNOWN, WHENCE_RUNTIME, WHENCE_LEGACY_CAPI, WHENCE_CAPI, WHENCE_XI, WHENCE_STDLIB = range(6)


class InterpreterError(Exception):
    """A cross-interpreter operation failed"""

    __module__ = "concurrent.interpreters"


class InterpreterNotFoundError(InterpreterError):
    """An interpreter was not found"""

    __module__ = "concurrent.interpreters"


class NotShareableError(TypeError):
    """An object cannot be sent to another interpreter"""

    __module__ = "concurrent.interpreters"


class CrossInterpreterBufferView:
    """The class of buffers from other interpreters; here they are memoryviews."""


def _references():
    return _subinterpreters.shared().setdefault("references", {})


def _check(id):
    if not isinstance(id, int):
        raise TypeError(f"interpreter ID must be an int, got {type(id).__name__}")
    if id < 0:
        raise ValueError(f"interpreter ID must be a non-negative int, got {id!r}")
    if _subinterpreters.is_running(id) is None:
        raise InterpreterNotFoundError(f"unrecognized interpreter ID {id}")
    return id


def _whence(id):
    return WHENCE_STDLIB if id else WHENCE_RUNTIME


def new_config(name="isolated", /, **overrides):
    """A configuration of interpreters, with some settings changed."""
    if name not in ("isolated", "legacy", "default", "empty"):
        raise ValueError(f"unsupported config name '{name}'")
    isolated = name in ("isolated", "default")
    config = types.SimpleNamespace(
        use_main_obmalloc=name == "legacy", allow_fork=name == "legacy", allow_exec=name == "legacy", allow_threads=name != "empty",
        allow_daemon_threads=name == "legacy", check_multi_interp_extensions=isolated, gil="own" if isolated else "shared" if name == "legacy" else "default",
    )
    for key, value in overrides.items():
        if not hasattr(config, key):
            raise ValueError(f"unsupported config settings: {key}")
        setattr(config, key, value)
    return config


def get_config(id, *, restrict=False):
    """The configuration of an interpreter."""
    return new_config("isolated" if _check(id) else "legacy")


def create(config="isolated", *, reqrefs=False):
    """Make an interpreter; its number."""
    if isinstance(config, str):
        new_config(config)
    shared = _subinterpreters.shared()
    if "script" not in shared and _subinterpreters.current() == 0:
        shared["script"] = _own_script()
    id = _subinterpreters.create()
    _references()[id] = [0, reqrefs]
    _subinterpreters.run(id, "_interpside", "start", (tuple(path for path in sys.path if isinstance(path, str)),))
    return id


def _own_script():
    """The file and the text of the program, for functions of __main__ that are called elsewhere."""
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    try:
        with open(file, encoding="utf-8") as stream:
            return file, stream.read()
    except (OSError, TypeError, ValueError):
        import linecache
        lines = linecache.getlines(file) if isinstance(file, str) else []
        return (file, "".join(lines)) if lines else (None, None)


def destroy(id, *, restrict=False):
    """End an interpreter."""
    _check(id)
    if id == _subinterpreters.current():
        raise InterpreterError("cannot destroy the current interpreter")
    if id == 0:
        raise InterpreterError("cannot destroy the main interpreter")
    if _subinterpreters.is_running(id):
        raise InterpreterError("interpreter running")
    _subinterpreters.destroy(id)
    _references().pop(id, None)
    for forget in _subinterpreters.shared().get("queues", {}).values():
        forget.unbind(id)


def list_all(*, require_ready=False):
    """The numbers of all interpreters, each with where it comes from."""
    return [(id, _whence(id)) for id in _subinterpreters.ids()]


def get_current():
    id = _subinterpreters.current()
    return id, _whence(id)


def get_main():
    return 0, WHENCE_RUNTIME


def whence(id):
    return _whence(_check(id))


def is_running(id, *, restrict=False):
    """Whether code runs in the interpreter's __main__."""
    return _subinterpreters.is_running(_check(id))


def is_shareable(obj):
    """Whether an object crosses to other interpreters without a pickle."""
    return _interpside.is_shareable(obj)


def incref(id, *, implieslink=False, restrict=False):
    references = _references().setdefault(_check(id), [0, False])
    references[0] += 1
    if implieslink:
        references[1] = True


def decref(id, *, restrict=False):
    references = _references().setdefault(_check(id), [0, False])
    references[0] -= 1
    if references[0] <= 0 and references[1] and id and id != _subinterpreters.current() and not _subinterpreters.is_running(id):
        destroy(id)


def _enter(id, restrict):
    _check(id)
    if restrict and id == 0:
        raise InterpreterError("unsupported interpreter")
    if _subinterpreters.is_running(id):
        raise InterpreterError("interpreter already running")


def _exception_info(told):
    name, qualname, module, message, formatted, display = told
    kind = types.SimpleNamespace(__name__=name, __qualname__=qualname, __module__=module)
    return types.SimpleNamespace(type=kind, msg=message, formatted=formatted, errdisplay=display)


def capture_exception(exc=None):
    """A snapshot of an exception, that being handled by default."""
    if exc is None:
        exc = sys.exception()
        if exc is None:
            raise RuntimeError("No exception")
    if not isinstance(exc, BaseException):
        raise TypeError(f"expected exception, got {exc!r}")
    return _exception_info(_interpside.failure(exc))


def set___main___attrs(id, updates, *, restrict=False):
    """Set variables of the interpreter's __main__."""
    _enter(id, restrict)
    items = []
    for name, value in dict(updates).items():
        form = _interpside.encode(value, pickled=False)
        if form is None:
            raise NotShareableError(f"{value!r} does not support cross-interpreter data")
        items.append((name, form))
    _subinterpreters.run(id, "_interpside", "prepare", (tuple(items),))


def _execute(id, code, shared, restrict):
    if shared:
        set___main___attrs(id, shared, restrict=restrict)
    _enter(id, restrict)
    told = _subinterpreters.run(id, "_interpside", "execute", (code,))
    return None if told is None else _exception_info(told)


def _code_of(function, name):
    code = function.__code__
    if function.__closure__:
        raise ValueError(f"{name} does not support closures")
    if code.co_argcount or code.co_posonlyargcount or code.co_kwonlyargcount or code.co_flags & 12:
        raise ValueError(f"{name} does not support arguments")
    return code


def exec(id, code, shared=None, *, restrict=False):
    """Run source text, a function without arguments or a code object in the interpreter's __main__."""
    if isinstance(code, types.FunctionType):
        code = _code_of(code, "exec()")
    elif not isinstance(code, (str, types.CodeType)):
        raise TypeError(f"exec() argument 2 must be a string, a function, or a code object, not {type(code).__name__}")
    return _execute(id, code, shared, restrict)


def run_string(id, script, shared=None, *, restrict=False):
    if not isinstance(script, str):
        raise TypeError(f"run_string() argument 2 must be a string, not {type(script).__name__}")
    return _execute(id, script, shared, restrict)


def run_func(id, func, shared=None, *, restrict=False):
    if isinstance(func, types.FunctionType):
        func = _code_of(func, "run_func()")
    elif not isinstance(func, types.CodeType):
        raise TypeError(f"run_func() argument 2 must be a function, not {type(func).__name__}")
    return _execute(id, func, shared, restrict)


def call(id, callable, args=None, kwargs=None, *, preserve_exc=False, restrict=False):
    """Call something in the interpreter; its result, and what is told of an exception."""
    _enter(id, restrict)
    forms = []
    for value in (callable, tuple(args or ()), tuple((kwargs or {}).items())):
        form = _interpside.encode(value)
        if form is None:
            raise NotShareableError("object could not be sent to another interpreter")
        forms.append(form)
    form, told = _subinterpreters.run(id, "_interpside", "call", tuple(forms))
    if told is not None:
        return None, _exception_info(told)
    if form[0] == "unshareable":
        raise NotShareableError(f"the result, a {form[1]}, cannot be sent to another interpreter")
    return _interpside.decode(form), None
