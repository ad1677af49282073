"""What interpreters do for each other (see _interpreters): objects in the form in which they cross over, and the work in the
interpreter that was asked.

What crosses lies in one heap for all, so it must be immutable all the way down: numbers, texts, bytes, tuples of such, code.
Everything else crosses as a pickle.
"""

import sys
import types

_PLAIN = (type(None), bool, int, float, complex, str, bytes)


def crosses_plainly(obj):
    """Whether the object can be shared as it is."""
    if type(obj) in _PLAIN:
        return True
    return type(obj) is tuple and all(map(crosses_plainly, obj))


def is_shareable(obj):
    """Whether the object crosses without a pickle."""
    if type(obj) is tuple:
        return all(map(is_shareable, obj))
    return type(obj) in _PLAIN or isinstance(obj, memoryview) or _queue_id(obj) is not None


def _queue_id(obj):
    module = sys.modules.get("_interpqueues")
    if module is not None and module._queue_class is not None and type(obj) is module._queue_class:
        return obj.id
    return None


def encode(obj, pickled=True):
    """The form in which the object crosses; None if it cannot."""
    if crosses_plainly(obj):
        return "plain", obj
    if isinstance(obj, memoryview):
        return "view", obj
    queue = _queue_id(obj)
    if queue is not None:
        return "queue", queue
    if type(obj) is tuple:
        parts = tuple(encode(item, pickled) for item in obj)
        return None if None in parts else ("tuple", parts)
    if not pickled:
        return None
    if type(obj) is types.FunctionType and is_stateless(obj):
        return "function", (obj.__code__, obj.__name__, obj.__qualname__)
    import pickle
    try:
        return "pickle", pickle.dumps(obj)
    except Exception:
        return None


def decode(form):
    """The object of a form, made in this interpreter."""
    kind, data = form
    if kind in ("plain", "view"):
        return data
    if kind == "tuple":
        return tuple(map(decode, data))
    if kind == "queue":
        from concurrent.interpreters import Queue
        return Queue(data)
    if kind == "function":
        code, name, qualname = data
        function = types.FunctionType(code, sys.modules["__main__"].__dict__, name)
        function.__qualname__ = qualname
        return function
    import io
    import pickle

    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            return _of_main(name) if module == "__main__" else super().find_class(module, name)

    return Unpickler(io.BytesIO(data)).load()


def is_stateless(function):
    """Whether the function uses nothing but its arguments and builtins."""
    import builtins
    if function.__closure__ or function.__defaults__ or function.__kwdefaults__:
        return False
    names, codes = set(), [function.__code__]
    import dis
    while codes:
        code = codes.pop()
        names.update(instruction.argval for instruction in dis.get_instructions(code) if "GLOBAL" in instruction.opname or "NAME" in instruction.opname)
        codes += [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return all(hasattr(builtins, name) for name in names if isinstance(name, str))


_script = None


def _of_main(name):
    """An attribute of the caller's __main__: that of our own, or of the script run once more under another name."""
    global _script
    main = sys.modules["__main__"]
    first, *rest = name.split(".")
    if not hasattr(main, first):
        import _subinterpreters
        file, source = _subinterpreters.shared().get("script", (None, None))
        if _script is None and source is not None:
            _script = types.ModuleType("<fake __main__>")
            _script.__file__ = file
            exec(compile(source, file, "exec", dont_inherit=True), _script.__dict__)
        if _script is None or not hasattr(_script, first):
            raise AttributeError(f"module '__main__' has no attribute {first!r}")
        value = getattr(_script, first)
        # Its instances are to be found again.
        setattr(main, first, value)
    else:
        value = getattr(main, first)
    for part in rest:
        value = getattr(value, part)
    return value


def failure(error):
    """What is told of an exception: its class, the text, the line and the whole traceback."""
    import traceback
    kind = type(error)
    top = error.__traceback__
    while top is not None and top.tb_frame.f_code.co_filename == __file__:
        top = top.tb_next
    error = error.with_traceback(top)
    try:
        message = str(error)
    except Exception:
        message = None
    lines = "".join(traceback.format_exception(error)).rstrip("\n")
    name = kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"
    formatted = f"{name}: {message}" if message else name
    return kind.__name__, kind.__qualname__, kind.__module__, message, formatted, lines


def execute(code):
    """Runs source text or code in __main__; None or the failure."""
    names = sys.modules["__main__"].__dict__
    try:
        exec(compile(code, "<string>", "exec", dont_inherit=True) if isinstance(code, str) else code, names)
    except BaseException as error:
        return failure(error)


def call(callable, args, kwargs):
    """Calls a function; the form of its result and the failure."""
    try:
        function, args, kwargs = decode(callable), decode(args), dict(decode(kwargs))
        # The caller's globals are those of __main__, for eval() and exec().
        apply = types.FunctionType(_apply.__code__, sys.modules["__main__"].__dict__)
        result = apply(function, args, kwargs)
    except BaseException as error:
        return None, failure(error)
    form = encode(result)
    return form if form is not None else ("unshareable", repr(type(result))), None


def _apply(function, args, kwargs):
    return function(*args, **kwargs)


def prepare(items):
    """Sets variables of __main__."""
    names = sys.modules["__main__"].__dict__
    for name, form in items:
        names[name] = decode(form)


def start(path):
    """The first thing in a new interpreter."""
    sys.path[:] = path
