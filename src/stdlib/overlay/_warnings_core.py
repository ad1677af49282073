"""
What CPython's `_warnings` has beside its two functions, and what those do.

Unlike `_py_warnings` it works for whatever `sys.modules['warnings']` is at the time, and gets along without what is missing there.
"""

import _contextvars
import _operator as operator
import _thread
import sys

_defaultaction = 'default'
_onceregistry = {}
_warnings_context = _contextvars.ContextVar('warnings_context')
filters = [('default', None, DeprecationWarning, '__main__', 0)]
filters += [('ignore', None, category, None, 0)
            for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)]

_lock = _thread.RLock()
_version = 0


def _acquire_lock():
    _lock.acquire()


def _release_lock():
    _lock.release()


def _filters_mutated_lock_held():
    global _version
    if not _lock._is_owned():
        raise RuntimeError('warnings lock is not held')
    _version += 1


def _setting(name, default):
    return getattr(sys.modules.get('warnings'), name, default)


def warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()):
    if isinstance(message, Warning):
        category = type(message)
    elif category is None:
        category = UserWarning
    if not (isinstance(category, type) and issubclass(category, Warning)):
        raise TypeError(f"category must be a Warning subclass, not '{type(category).__name__}'")
    if not isinstance(skip_file_prefixes, tuple):
        raise TypeError(f"warn() argument 'skip_file_prefixes' must be tuple, not {type(skip_file_prefixes).__name__}")
    if skip_file_prefixes:
        for prefix in skip_file_prefixes:
            if not isinstance(prefix, str):
                raise TypeError(f"Found non-str '{type(prefix).__name__}' in skip_file_prefixes.")
        stacklevel = max(2, stacklevel)
    frame = sys._getframe(0).f_back
    everything = stacklevel <= 0 or frame is not None and _is_internal(frame)
    while stacklevel > 1 and frame is not None:
        stacklevel -= 1
        frame = frame.f_back
        while not everything and frame is not None and _is_skipped(frame, skip_file_prefixes):
            frame = frame.f_back
    if frame is None:
        namespace, filename, line = sys.__dict__, '<sys>', 0
    else:
        namespace, filename, line = frame.f_globals, frame.f_code.co_filename, frame.f_lineno
    registry = namespace.setdefault('__warningregistry__', {})
    module = namespace.get('__name__')
    _issue(message, category, filename, line, '<string>' if module is None else module, registry, source)


def warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None):
    if not isinstance(filename, str):
        got = 'None' if filename is None else type(filename).__name__
        raise TypeError(f"warn_explicit() argument 'filename' must be str, not {got}")
    if module_globals is not None and not isinstance(module_globals, dict):
        raise TypeError(f"module_globals must be a dict, not '{type(module_globals).__name__}'")
    if registry is not None and not isinstance(registry, dict):
        raise TypeError("'registry' must be a dict or None")
    if module is None:
        module = filename.removesuffix('.py') or '<unknown>'
    _issue(message, category, filename, operator.index(lineno), module, registry, source, module_globals)


def _is_internal(frame):
    filename = frame.f_code.co_filename
    return 'importlib' in filename and '_bootstrap' in filename


def _is_skipped(frame, prefixes):
    return _is_internal(frame) or frame.f_code.co_filename.startswith(prefixes)


def _issue(message, category, filename, line, module, registry, source, namespace=None):
    if isinstance(message, Warning):
        text, category = str(message), type(message)
    else:
        text, message = message, category(message)
    key = text, category, line
    with _lock:
        if registry is not None and _already(registry, key, False):
            return
        action, item = _action(category, text, line, module)
        if action == 'error':
            raise message
        if action == 'ignore':
            return
        if action not in ('always', 'all'):
            if registry is not None:
                registry[key] = True
            if action == 'once':
                once = _setting('onceregistry', _onceregistry)
                if not isinstance(once, dict):
                    raise TypeError(f"_warnings.onceregistry must be a dict, not '{type(once).__name__}'")
                if _already(once, (text, category), True):
                    return
            elif action == 'module':
                if registry is not None and _already(registry, (text, category, 0), True):
                    return
            elif action != 'default':
                raise RuntimeError(f'Unrecognized action ({action!r}) in warnings.filters:\n {item!r}')
    _show(message, category, text, filename, line, source, namespace)


def _already(registry, key, note):
    if registry.get('version') != _version:
        registry.clear()
        registry['version'] = _version
    elif registry.get(key):
        return True
    if note:
        registry[key] = True
    return False


def _action(category, text, line, module):
    context = _warnings_context.get(None)
    everywhere = _setting('filters', filters)
    if not isinstance(everywhere, list):
        raise ValueError('_warnings.filters must be a list')
    found = everywhere if context is None else context._filters + everywhere
    for number, item in enumerate(found):
        if not (isinstance(item, tuple) and len(item) == 5):
            raise ValueError(f"warnings.filters item {number} isn't a 5-tuple")
        action, message, wanted, where, at = item
        if not isinstance(action, str):
            raise TypeError(f"action must be a string, not '{type(action).__name__}'")
        if _matches(message, text) and issubclass(category, wanted) and _matches(where, module) and at in (0, line):
            return action, item
    action = _setting('defaultaction', _defaultaction)
    if not isinstance(action, str):
        raise TypeError(f"_warnings.defaultaction must be a string, not '{type(action).__name__}'")
    return action, None


def _matches(pattern, text):
    if pattern is None:
        return True
    return pattern == text if type(pattern) is str else bool(pattern.match(text))


def _show(message, category, text, filename, line, source, namespace):
    show = _setting('_showwarnmsg', None)
    if show is None:
        _write(category, text, filename, line)
        return
    if not callable(show):
        raise TypeError('warnings._showwarnmsg() must be set to a callable')
    record = _setting('WarningMessage', None)
    if record is None:
        raise RuntimeError('unable to get warnings.WarningMessage')
    if namespace is not None:
        _ask_loader(namespace)
    show(record(message, category, filename, line, None, None, source))


def _ask_loader(namespace):
    # Objects to a namespace whose loader is not what its spec says.
    from importlib._bootstrap_external import _bless_my_loader
    loader = _bless_my_loader(namespace)
    name = namespace.get('__name__')
    get_source = getattr(loader, 'get_source', None)
    if name is not None and get_source is not None:
        source = get_source(name)
        if source is not None:
            str.splitlines(source)


def _write(category, text, filename, line):
    stream = sys.stderr
    if stream is None:
        return
    stream.write(f'{filename}:{line}: {category.__name__}: {text}\n')
    import linecache
    source = linecache.getline(filename, line).strip()
    if source:
        stream.write(f'  {source}\n')
