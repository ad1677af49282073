"""JavaScript objects in Python, Python objects in JavaScript.

The machine knows one class, JsProxy, and asks JavaScript what an operation means for an object. What only Python needs is
here: the methods that a list or a dict has, the conversions, and the classes that isinstance() asks for.
"""

import sys

import _js
from _js import JsProxy

IN_PYODIDE = True

_helpers = _js.root("helpers")

# The kinds of objects, as in jsproxy.ts.
_ARRAY, _TYPED, _MAP, _PROMISE, _CALLABLE, _ITERATOR, _ITERABLE, _ERROR = (1 << n for n in range(8))
_BUFFER, _SET, _OBJECT, _GENERATOR, _GETTER, _ASYNC_ITERATOR, _ASYNC_ITERABLE, _DOUBLE = (1 << n for n in range(8, 16))
_LENGTH, _JSON, _MUTABLE_MAP = (1 << n for n in range(16, 19))
_PROPERTY = 1 << 30


class _Kind(type):
    """A class whose instances are the proxies of some kinds."""

    kinds = 0

    def __instancecheck__(cls, instance):
        return isinstance(instance, JsProxy) and bool(_js.kinds(instance) & cls.kinds)

    def __subclasscheck__(cls, subclass):
        return subclass is cls or cls in getattr(subclass, "__mro__", ())


def _kind(name, kinds):
    return _Kind(name, (), {"kinds": kinds, "__module__": "pyodide.ffi", "__class_getitem__": classmethod(lambda cls, item: cls)})


JsArray = _kind("JsArray", _ARRAY)
JsTypedArray = _kind("JsTypedArray", _TYPED)
JsBuffer = _kind("JsBuffer", _BUFFER)
JsMap = _kind("JsMap", _MAP | _GETTER)
JsMutableMap = _kind("JsMutableMap", _MUTABLE_MAP)
JsPromise = _kind("JsPromise", _PROMISE)
JsCallable = _kind("JsCallable", _CALLABLE)
JsOnceCallable = _kind("JsOnceCallable", _CALLABLE)
JsIterator = _kind("JsIterator", _ITERATOR)
JsIterable = _kind("JsIterable", _ITERABLE)
JsGenerator = _kind("JsGenerator", _GENERATOR)
JsAsyncIterator = _kind("JsAsyncIterator", _ASYNC_ITERATOR)
JsAsyncIterable = _kind("JsAsyncIterable", _ASYNC_ITERABLE)
JsAsyncGenerator = _kind("JsAsyncGenerator", _ASYNC_ITERATOR)
JsDoubleProxy = _kind("JsDoubleProxy", _DOUBLE)
JsCallableDoubleProxy = _kind("JsCallableDoubleProxy", _DOUBLE)
JsDomElement = _kind("JsDomElement", 0)
JsFetchResponse = _kind("JsFetchResponse", 0)
JsWeakRef = _kind("JsWeakRef", 0)


class JsBigInt(int):
    """An integer that becomes a BigInt in JavaScript."""


class JsNull:
    """The class of jsnull, which stands for JavaScript's null."""

    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __repr__(self):
        return "jsnull"

    def __bool__(self):
        return False


jsnull = JsNull()


class ConversionError(Exception):
    """A value cannot be converted."""


class InternalError(Exception):
    """A failure of the runtime itself."""


class JsException(Exception):
    """Something that JavaScript threw. js_error is the thrown value."""

    def __init__(self, error):
        super().__init__(_thrown_text(error))
        self.js_error = error

    def __getattr__(self, name):
        if name == "js_error" or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.js_error, name)

    def __str__(self):
        return self.args[0] if self.args else ""

    def __repr__(self):
        return str(self)


JsException.__module__ = "pyodide.ffi"


def _thrown_text(error):
    if not isinstance(error, JsProxy):
        return str(error)
    if _js.kinds(error) & _ERROR:
        return str(error)
    kind = _helpers.typeOf(error)
    return f"Error: A value of type {kind} with tag {_helpers.tag(error)} was thrown as an error!\nString interpolation of the thrown value gives \"\"\"{error}\"\"\".\nThe thrown value's toString method returns \"\"\"{error}\"\"\"."


# ---- from JavaScript to Python


def _to_py(value, depth=-1, default_converter=None):
    if not isinstance(value, JsProxy):
        return value
    cache = {}

    def convert(item, depth):
        if depth == 0 or not isinstance(item, JsProxy):
            return item
        identity = _js.identity(item)
        if identity in cache:
            return cache[identity]
        kinds = _js.kinds(item)
        if kinds & _DOUBLE:
            return item
        if kinds & (_ARRAY | _TYPED | _BUFFER):
            if kinds & (_TYPED | _BUFFER):
                result = memoryview(bytearray(_helpers.bytes(item))) if not kinds & _TYPED or item.BYTES_PER_ELEMENT == 1 else _numbers(item)
                cache[identity] = result
                return result
            result = cache[identity] = []
            for part in item:
                result.append(convert(part, depth - 1))
            return result
        if kinds & _MAP:
            result = cache[identity] = {}
            for entry in item.entries():
                key, part = entry
                if isinstance(key, JsProxy):
                    key = convert(key, depth - 1)
                try:
                    result[key] = convert(part, depth - 1)
                except TypeError:
                    raise ConversionError("Cannot use key of type " + type(key).__name__ + " as a key to a Python dict") from None
            return result
        if kinds & _SET:
            result = cache[identity] = set()
            for part in item:
                try:
                    result.add(convert(part, depth - 1))
                except TypeError:
                    raise ConversionError("Cannot convert a member of the set, it is not hashable") from None
            return result
        if kinds & _OBJECT and _helpers.constructorName(item) in ("Object", ""):
            result = cache[identity] = {}
            for entry in _helpers.entries(item):
                key, part = entry
                result[key] = convert(part, depth - 1)
            return result
        if default_converter is not None:
            return default_converter(item, lambda part: convert(part, depth), lambda part, done: cache.__setitem__(_js.identity(part), done))
        return item

    return convert(value, depth)


def _numbers(array):
    kind = _helpers.constructorName(array)
    codes = {"Int8Array": "b", "Uint8Array": "B", "Uint8ClampedArray": "B", "Int16Array": "h", "Uint16Array": "H", "Int32Array": "i",
             "Uint32Array": "I", "Float32Array": "f", "Float64Array": "d", "BigInt64Array": "q", "BigUint64Array": "Q"}
    return memoryview(bytearray(_helpers.bytes(array))).cast(codes.get(kind, "B"))


def _buffer(value):
    """What getBuffer() needs: the bytes and their description."""
    view = memoryview(value)
    return [view.tobytes(), view.format, view.itemsize, list(view.shape), list(view.strides), view.ndim, view.nbytes, view.readonly,
            view.c_contiguous, view.f_contiguous]


def _import(name):
    """A module, or an attribute of one."""
    import importlib

    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        module, _, attribute = name.rpartition(".")
        if not module or error.name != name:
            raise
        found = importlib.import_module(module)
        if not hasattr(found, attribute):
            raise
        return getattr(found, attribute)


def _replace(items, start, values):
    items[start:] = values.to_py(depth=1) if isinstance(values, JsProxy) else values


def _sorted_by(items, compare):
    from functools import cmp_to_key

    items.sort(key=None if compare is None else cmp_to_key(compare))


def _send(generator, value):
    return generator.send(value)


# ---- from Python to JavaScript


def to_js(obj, /, *, depth=-1, pyproxies=None, create_pyproxies=True, dict_converter=None, default_converter=None, eager_converter=None):
    """Converts to JavaScript: lists to arrays, dicts to objects, sets to Sets, buffers to typed arrays."""
    if depth == 0 or isinstance(obj, (JsProxy, str, int, float, type(None), JsNull)):
        return obj
    needs_walk = default_converter is not None or eager_converter is not None or not create_pyproxies or pyproxies is not None
    if needs_walk:
        return _walk_to_js(obj, depth, pyproxies, create_pyproxies, dict_converter, default_converter, eager_converter)
    result = _js.convert(obj, 0xFFFF if depth < 0 else depth)
    if dict_converter is not None and isinstance(result, JsProxy):
        result = _helpers.deepConvert(result, dict_converter)
    return result


def _walk_to_js(obj, depth, pyproxies, create_pyproxies, dict_converter, default_converter, eager_converter):
    cache = {}

    def remember(original, result):
        cache[id(original)] = result

    def convert(value, depth):
        if isinstance(value, (JsProxy, str, int, float, type(None), JsNull)):
            return value
        if id(value) in cache:
            return cache[id(value)]
        if eager_converter is not None:
            return eager_converter(value, lambda item: plain(item, depth), remember)
        return plain(value, depth)

    def plain(value, depth):
        if isinstance(value, (JsProxy, str, int, float, type(None), JsNull)):
            return value
        if depth != 0:
            if isinstance(value, (list, tuple)):
                result = _js.construct(_js.root("globals").Array)
                remember(value, result)
                for item in value:
                    result.push(convert(item, depth - 1))
                return result
            if isinstance(value, dict):
                entries = _helpers.array()
                for key, item in value.items():
                    entries.push(_helpers.array(key, convert(item, depth - 1)))
                return (dict_converter or _js.root("globals").Object.fromEntries)(entries)
            if isinstance(value, (set, frozenset)):
                result = _js.construct(_js.root("globals").Set)
                for item in value:
                    result.add(convert(item, depth - 1))
                return result
            if isinstance(value, (bytes, bytearray, memoryview)):
                return _js.convert(bytes(value), 1)
        if default_converter is not None:
            return default_converter(value, lambda item: convert(item, depth), remember)
        if not create_pyproxies:
            raise ConversionError(f"No conversion known for {value!r}.")
        proxy = create_proxy(value)
        if pyproxies is not None:
            pyproxies.append(proxy)
        return proxy

    return convert(obj, depth)


def create_proxy(obj, /, *, capture_this=False, roundtrip=True):
    """A proxy that lives until its destroy() is called."""
    proxy = _js.convert(obj, 0)
    if not isinstance(proxy, JsProxy):
        raise TypeError("objects that are converted to JavaScript have no proxy")
    _keep(proxy)
    return proxy


def _keep(proxy):
    _helpers.lasting(proxy)


def create_once_callable(obj, /, *, _may_syncify=False):
    """A proxy for one call."""
    return _helpers.once(create_proxy(obj))


def destroy_proxies(pyproxies, /):
    """Destroys the proxies in a list that to_js() filled."""
    if isinstance(pyproxies, JsProxy):
        _helpers.releaseAll(pyproxies)
        return
    for proxy in pyproxies:
        proxy.destroy()


class ToJsConverter:
    """The type of converters."""


def can_run_sync():
    """Whether run_sync() works: always, since a program waits without holding the page."""
    return True


def run_sync(awaitable):
    """Waits for an awaitable and returns its result."""
    if isinstance(awaitable, JsProxy):
        return _js.wait(awaitable)
    return _drive(awaitable)


def _drive(awaitable):
    iterator = awaitable.__await__()
    while True:
        try:
            iterator.send(None)
        except StopIteration as stop:
            return stop.value


# ---- await


def _awaiter(promise):
    """What await on a promise iterates over. In an event loop the other tasks go on meanwhile."""
    if not _js.kinds(promise) & _PROMISE:
        raise TypeError("object pyodide.ffi.JsProxy can't be used in 'await' expression")
    events = sys.modules.get("asyncio.events")
    loop = events._get_running_loop() if events else None
    if loop is not None and hasattr(loop, "_selector"):
        future = loop.create_future()

        def wait():
            try:
                value = _js.wait(promise)
            except BaseException as error:
                loop.call_soon_threadsafe(_set, future.set_exception, future, error)
            else:
                loop.call_soon_threadsafe(_set, future.set_result, future, value)

        import _thread

        _thread.start_new_thread(wait, ())
        return future.__await__()
    return _block(promise)


def _set(setter, future, value):
    if not future.done():
        setter(value)


def _block(promise):
    return _js.wait(promise)
    yield


def _beside(awaitable, resolve, reject):
    """Runs an awaitable while another program goes on."""
    import _thread

    def run():
        try:
            value = _drive(awaitable)
        except BaseException as error:
            import traceback

            reject(type(error).__qualname__, "".join(traceback.format_exception(error)))
        else:
            resolve(value)

    _thread.start_new_thread(run, ())


def _then(self, onfulfilled=None, onrejected=None, /):
    return _helpers.chain(self, _once(onfulfilled), _once(onrejected))


def _once(function):
    return None if function is None else create_proxy(function)


def _catch(self, onrejected, /):
    return _then(self, None, onrejected)


def _finally(self, onfinally, /):
    def done(value):
        onfinally()
        return value

    def failed(error):
        onfinally()
        raise error if isinstance(error, BaseException) else JsException(error)

    return _then(self, done, failed)


# ---- the methods that JavaScript's objects have in Python


def _method_to_py(self, *, depth=-1, default_converter=None):
    return _to_py(self, depth, default_converter)


def _append(self, value, /):
    self.push(value)


def _extend(self, values, /):
    for value in values:
        self.push(value)


def _insert(self, index, value, /):
    if index < 0:
        index = max(0, index + len(self))
    _helpers.splice(self, index, 0, value)


def _pop(self, index=-1, /):
    if len(self) == 0:
        raise IndexError("pop from empty list")
    if not -len(self) <= index < len(self):
        raise IndexError("pop index out of range")
    return _helpers.splice(self, index % len(self), 1)[0]


def _remove(self, value, /):
    del self[_index(self, value)]


def _index(self, value, start=0, stop=sys.maxsize, /):
    for index, item in enumerate(self):
        if start <= index < stop and (item is value or item == value):
            return index
    raise ValueError(f"{value!r} is not in list")


def _count(self, value, /):
    return sum(1 for item in self if item is value or item == value)


def _map_keys(self):
    return _View(self, lambda key: key)


def _map_values(self):
    return _View(self, lambda key: self[key])


def _map_items(self):
    return _View(self, lambda key: (key, self[key]))


class _View:
    def __init__(self, mapping, part):
        self._mapping = mapping
        self._part = part

    def __iter__(self):
        return (self._part(key) for key in self._mapping)

    def __len__(self):
        return len(self._mapping)

    def __contains__(self, item):
        return any(part is item or part == item for part in self)

    def __repr__(self):
        return f"{list(self)!r}"


_missing = object()


def _map_get(self, key, default=None, /):
    try:
        return self[key]
    except KeyError:
        return default


def _map_pop(self, key, default=_missing, /):
    try:
        value = self[key]
    except KeyError:
        if default is _missing:
            raise
        return default
    del self[key]
    return value


def _map_setdefault(self, key, default=None):
    try:
        return self[key]
    except KeyError:
        self[key] = default
        return default


def _map_popitem(self):
    for key in self:
        return key, _map_pop(self, key)
    raise KeyError("popitem(): dictionary is empty")


def _map_clear(self):
    for key in list(self):
        del self[key]


def _map_update(self, other=(), /, **kwargs):
    if isinstance(other, dict) or hasattr(other, "keys"):
        for key in other.keys():
            self[key] = other[key]
    else:
        for key, value in other:
            self[key] = value
    for key, value in kwargs.items():
        self[key] = value


def _json_view(self):
    return _helpers.json(self)


def _to_bytes(self):
    return bytes(_helpers.bytes(self))


def _to_string(self, encoding=None):
    return _to_bytes(self).decode(encoding or "utf-8")


def _to_memoryview(self):
    return memoryview(bytearray(_helpers.bytes(self)))


def _assign(self, data, /):
    _helpers.assign(self, _js.convert(bytes(data), 1))


def _assign_to(self, buffer, /):
    memoryview(buffer).cast("B")[:] = _to_bytes(self)


def _send_js(self, value=None, /):
    result = self.next(value)
    if result.done:
        raise StopIteration(result.value)
    return result.value


def _slice(self, key, /):
    return _helpers.pick(self, to_js(list(range(*key.indices(len(self))))))


def _set_slice(self, key, values, /):
    values = list(values)
    start, stop, step = key.indices(len(self))
    if step == 1:
        _helpers.splice(self, start, max(0, stop - start), *values)
        return
    places = range(start, stop, step)
    if len(places) != len(values):
        raise ValueError(f"attempt to assign sequence of size {len(values)} to extended slice of size {len(places)}")
    for place, value in zip(places, values):
        self[place] = value


def _delete_slice(self, key, /):
    for place in sorted(range(*key.indices(len(self))), reverse=True):
        _helpers.splice(self, place, 1)


def _concatenated(self, other, /):
    return _helpers.joined(self, other if isinstance(other, JsProxy) else to_js(list(other), depth=1))


def _repeated(self, count, /):
    return _helpers.repeated(self, max(0, count))


async def _each(self):
    iterator = _helpers.iteratorOf(self)
    while True:
        step = await iterator.next()
        if step.done:
            return
        yield step.value


_any_map = _MAP | _GETTER
_view = _MUTABLE_MAP
_methods = {
    "to_py": (0, _method_to_py),
    "new": (_CALLABLE, _js.construct),
    "js_id": (_PROPERTY, _js.identity),
    "typeof": (_PROPERTY, lambda self: _helpers.typeOf(self)),
    "object_entries": (0, lambda self: _helpers.entries(self)),
    "object_keys": (0, lambda self: _helpers.keys(self)),
    "object_values": (0, lambda self: _helpers.values(self)),
    "as_object_map": (_OBJECT, lambda self, *, hereditary=False: _json_view(self)),
    "as_py_json": (_JSON, _json_view),
    "to_weakref": (0, lambda self: _helpers.weak(self)),
    "then": (_PROMISE, _then),
    "catch": (_PROMISE, _catch),
    "finally_": (_PROMISE, _finally),
    "append": (_ARRAY, _append),
    "extend": (_ARRAY, _extend),
    "insert": (_ARRAY, _insert),
    "pop": (_ARRAY | _view, lambda self, *args: _pop(self, *args) if _js.kinds(self) & _ARRAY else _map_pop(self, *args)),
    "remove": (_ARRAY, _remove),
    "index": (_ARRAY | _TYPED, _index),
    "count": (_ARRAY | _TYPED, _count),
    "keys": (_view, _map_keys),
    "values": (_view, _map_values),
    "items": (_view, _map_items),
    "get": (_view, _map_get),
    "setdefault": (_view, _map_setdefault),
    "popitem": (_view, _map_popitem),
    "clear": (_view, _map_clear),
    "update": (_view, _map_update),
    "to_bytes": (_BUFFER, _to_bytes),
    "to_string": (_BUFFER, _to_string),
    "to_memoryview": (_BUFFER, _to_memoryview),
    "assign": (_BUFFER, _assign),
    "assign_to": (_BUFFER, _assign_to),
    "send": (_ITERATOR, _send_js),
    "unwrap": (_DOUBLE, lambda self: _helpers.same(self)),
    "__getitem__": (_ARRAY | _TYPED, _slice),
    "__setitem__": (_ARRAY, _set_slice),
    "__delitem__": (_ARRAY, _delete_slice),
    "__add__": (_ARRAY, _concatenated),
    "__mul__": (_ARRAY, _repeated),
    "__aiter__": (_ASYNC_ITERABLE, _each),
}

_js.register(JsException, jsnull, _methods, _awaiter)


# ---- modules


def register_js_module(name, jsproxy):
    """Makes a JavaScript object importable."""
    if not isinstance(name, str):
        raise TypeError(f"Argument 'name' must be a str, not {type(name).__name__!r}")
    if not isinstance(jsproxy, JsProxy):
        raise TypeError(f"Argument 'jsproxy' must be a JsProxy, not {type(jsproxy).__name__!r}")
    _registered.add(name)
    sys.modules[name] = jsproxy


def unregister_js_module(name):
    """Takes back what register_js_module() did."""
    if name not in _registered:
        raise ValueError(f"Cannot unregister {name!r}: no Javascript module with that name is registered")
    _registered.discard(name)
    sys.modules.pop(name, None)


_registered = set()


def _unpack(data, format, folder):
    import io

    if format.lstrip(".") in ("zip", "whl", "wheel"):
        import zipfile

        with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
            archive.extractall(folder)
    else:
        import tarfile

        with tarfile.open(fileobj=io.BytesIO(bytes(data))) as archive:
            archive.extractall(folder, filter="data")


__all__ = [
    "ConversionError", "InternalError", "IN_PYODIDE", "JsArray", "JsAsyncGenerator", "JsAsyncIterable", "JsAsyncIterator", "JsBigInt",
    "JsBuffer", "JsCallable", "JsCallableDoubleProxy", "JsDomElement", "JsDoubleProxy", "JsException", "JsFetchResponse", "JsGenerator",
    "JsIterable", "JsIterator", "JsMap", "JsMutableMap", "JsNull", "JsOnceCallable", "JsPromise", "JsProxy", "JsTypedArray", "JsWeakRef",
    "ToJsConverter", "can_run_sync", "create_once_callable", "create_proxy", "destroy_proxies", "jsnull", "register_js_module", "run_sync",
    "to_js", "unregister_js_module",
]
