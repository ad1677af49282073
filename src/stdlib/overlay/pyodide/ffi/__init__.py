"""JavaScript objects in Python, Python objects in JavaScript.

The machine knows one class, JsProxy, and asks JavaScript what an operation means for an object. What only Python needs is
here: the methods that a list or a dict has, the conversions, and the classes that isinstance() asks for.
"""

import sys

import _collections_abc as _abc
import _js
from _js import JsProxy as _Proxy

IN_PYODIDE = True

_helpers = _js.root("helpers")

# The kinds of objects, as in jsproxy.ts.
_ARRAY, _TYPED, _MAP, _PROMISE, _CALLABLE, _ITERATOR, _ITERABLE, _ERROR = (1 << n for n in range(8))
_BUFFER, _SET, _OBJECT, _GENERATOR, _GETTER, _ASYNC_ITERATOR, _ASYNC_ITERABLE, _DOUBLE = (1 << n for n in range(8, 16))
_LENGTH, _JSON, _MUTABLE_MAP, _ASYNC_GENERATOR, _WEAK = (1 << n for n in range(16, 21))
_PROPERTY = 1 << 30


class _Kind(type):
    """A class whose instances are the proxies of some kinds; with no kinds, all of them."""

    kinds = 0

    def __call__(cls, *args, **kwargs):
        raise TypeError(f"{cls.__name__} cannot be instantiated.")

    def __instancecheck__(cls, instance):
        return isinstance(instance, (_Proxy, JsException)) and (not cls.kinds or bool(_js.kinds(instance) & cls.kinds))

    def __subclasscheck__(cls, subclass):
        return cls in getattr(subclass, "__mro__", ()) or (cls is JsProxy and subclass in (_Proxy, JsException))


def _kind(name, kinds, *bases):
    def __class_getitem__(cls, item):
        from types import GenericAlias

        return GenericAlias(cls, item)

    return _Kind(name, bases, {"kinds": kinds, "__module__": "pyodide.ffi", "__class_getitem__": classmethod(__class_getitem__)})


JsProxy = _kind("JsProxy", 0)
JsIterable = _kind("JsIterable", _ITERABLE, JsProxy)
JsIterator = _kind("JsIterator", _ITERATOR, JsProxy)
JsGenerator = _kind("JsGenerator", _GENERATOR, JsIterable)
JsAsyncIterable = _kind("JsAsyncIterable", _ASYNC_ITERABLE, JsProxy)
JsAsyncIterator = _kind("JsAsyncIterator", _ASYNC_ITERATOR, JsProxy)
JsAsyncGenerator = _kind("JsAsyncGenerator", _ASYNC_GENERATOR, JsAsyncIterable)
JsArray = _kind("JsArray", _ARRAY | _TYPED, JsIterable)
JsBuffer = _kind("JsBuffer", _BUFFER, JsProxy)
JsTypedArray = _kind("JsTypedArray", _TYPED, JsBuffer, JsArray)
JsMap = _kind("JsMap", _MAP, JsIterable)
JsMutableMap = _kind("JsMutableMap", _MUTABLE_MAP, JsMap)
JsPromise = _kind("JsPromise", _PROMISE, JsProxy)
JsCallable = _kind("JsCallable", _CALLABLE, JsProxy)
JsOnceCallable = _kind("JsOnceCallable", _CALLABLE, JsCallable)
JsDoubleProxy = _kind("JsDoubleProxy", _DOUBLE, JsProxy)
JsCallableDoubleProxy = _kind("JsCallableDoubleProxy", _DOUBLE, JsDoubleProxy, JsCallable)
JsWeakRef = _kind("JsWeakRef", _WEAK, JsProxy)
JsDomElement = _kind("JsDomElement", 1 << 31, JsProxy)
JsFetchResponse = _kind("JsFetchResponse", 1 << 31, JsProxy)


class _Function(_Proxy):
    __slots__ = ()
    __call__ = _Proxy._call


@_abc.MutableSequence.register
class _Array(_Proxy):
    __slots__ = ()


@_abc.MutableMapping.register
class _Map(_Proxy):
    __slots__ = ()

    def keys(self):
        return _abc.KeysView(self)

    def values(self):
        return _abc.ValuesView(self)

    def items(self):
        return _abc.ItemsView(self)


for _class in (_Function, _Array, _Map):
    _class.__name__ = _class.__qualname__ = "JsProxy"


class JsBigInt(int):
    """An integer that becomes a BigInt in JavaScript."""

    __module__ = "pyodide.ffi"

    def __add__(self, other):
        return _bigint(int.__add__(self, other))

    __radd__ = __add__

    def __sub__(self, other):
        return _bigint(int.__sub__(self, other))

    def __neg__(self):
        return JsBigInt(int.__neg__(self))


def _bigint(value):
    return value if value is NotImplemented else JsBigInt(value)


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

    @property
    def typeof(self):
        return "object"


JsNull.__module__ = "pyodide.ffi"
jsnull = JsNull()


class ConversionError(Exception):
    """A value cannot be converted."""


class InternalError(Exception):
    """A failure of the runtime itself."""


class JsException(Exception):
    """Python's view of an Error. Its only argument is the proxy of the Error, whose attributes it has."""

    def __new__(cls, *args):
        if not args:
            raise TypeError("__new__() missing required argument 'name' (pos 1)")
        error = args[0]
        if not isinstance(error, _Proxy):
            for place, arg in enumerate(args[:2], 1):
                if not isinstance(arg, str):
                    raise TypeError(f"__new__() argument {place} must be str, not {type(arg).__qualname__}")
            error = _helpers.errorOf(*args[:2]).args[0]
        self = super().__new__(cls, error)
        self.args = (error,)
        return self

    def __init__(self, *args):
        pass

    @property
    def js_error(self):
        """The Error itself."""
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.args[0], name)

    def __setattr__(self, name, value):
        if name.startswith("__") or name in ("args", "add_note"):
            super().__setattr__(name, value)
        else:
            setattr(self.args[0], name, value)

    def __delattr__(self, name):
        if name.startswith("__"):
            super().__delattr__(name)
        else:
            delattr(self.args[0], name)

    def __eq__(self, other):
        return isinstance(other, JsException) and self.args == other.args

    __hash__ = Exception.__hash__

    def __dir__(self):
        return sorted({*super().__dir__(), *dir(self.args[0])}) if self.args else super().__dir__()

    def __str__(self):
        return str(self.args[0]) if self.args else ""

    __repr__ = __str__


JsException.__module__ = "pyodide.ffi"


# ---- from JavaScript to Python


def _to_py(value, depth=-1, default_converter=None):
    if not isinstance(value, _Proxy):
        return value
    cache = {}

    def convert(item, depth):
        if depth == 0 or not isinstance(item, _Proxy):
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
                if isinstance(key, _Proxy):
                    key = convert(key, depth - 1)
                _check_key(key, result, "Map", "dict", entry[0])
                result[key] = convert(part, depth - 1)
            return result
        if kinds & _SET:
            result = cache[identity] = set()
            for part in item:
                key = convert(part, depth - 1)
                _check_key(key, result, "Set", "set", part)
                result.add(key)
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


def _check_key(key, container, kind, name, original):
    try:
        is_there = key in container
    except TypeError:
        _helpers.fail(f"Cannot use key of type {_helpers.constructorName(original)} as a key to a Python {name}")
    if is_there and key in (0, 1):
        number = int(key)
        _helpers.fail(f"Cannot faithfully convert {kind} into Python since it contains both {number} and {'true' if number else 'false'} as keys.")


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


def _write_back(value, data):
    memoryview(value).cast("B")[:] = data.to_bytes()


# Files, for JavaScript's FS.


def _read_file(path):
    with open(path, "rb") as file:
        return file.read()


def _write_file(path, data, mode):
    with open(path, mode) as file:
        file.write(data.to_bytes())


def _write_fd(fd, data):
    import os

    return os.write(fd, data.to_bytes())


def _stat(path, follow):
    import os

    found = os.stat(path, follow_symlinks=follow)
    return [found.st_mode, found.st_size, found.st_mtime, found.st_atime, found.st_ctime, found.st_ino, found.st_dev, found.st_nlink]


def _replace(items, start, values):
    items[start:] = values.to_py(depth=1) if isinstance(values, _Proxy) else values


def _sorted_by(items, compare):
    from functools import cmp_to_key

    items.sort(key=cmp_to_key(compare))


# ---- generators in JavaScript's hands


def _send(generator, value):
    return generator.send(value)


def _stop_value(stop):
    return stop.args[0].value if isinstance(stop, JsException) else stop.value


def _raised(error):
    return error if isinstance(error, BaseException) else JsException(error)


def _throw_py(generator, error):
    return generator.throw(_raised(error))


def _return_py(generator, value):
    generator.close()
    raise StopIteration(value)


async def _asend_py(generator, value):
    try:
        return to_js([False, _lasting(await generator.asend(value))], depth=1)
    except StopAsyncIteration:
        return to_js([True, None])


async def _areturn_py(generator, value):
    await generator.aclose()
    return to_js([True, _lasting(value)], depth=1)


async def _athrow_py(generator, error):
    try:
        return to_js([False, _lasting(await generator.athrow(_raised(error)))], depth=1)
    except StopAsyncIteration:
        return to_js([True, None])


def _lasting(value):
    """A value in what an asynchronous call answers: its proxy outlives the call."""
    return create_proxy(value, roundtrip=False)


# ---- from Python to JavaScript

_plain = (_Proxy, JsException, str, int, float, type(None), JsNull)


def to_js(obj, /, *, depth=-1, pyproxies=None, create_pyproxies=True, dict_converter=None, default_converter=None, eager_converter=None):
    """Converts to JavaScript: lists to arrays, dicts to objects, sets to Sets, buffers to typed arrays."""
    if isinstance(obj, _plain):
        return obj
    if pyproxies is not None and not (isinstance(pyproxies, _Proxy) and _js.kinds(pyproxies) & _ARRAY):
        raise TypeError("Expected a JsArray for the pyproxies argument")
    needs_walk = default_converter is not None or eager_converter is not None or not create_pyproxies or pyproxies is not None
    if needs_walk:
        return _walk_to_js(obj, depth, pyproxies, create_pyproxies, dict_converter, default_converter, eager_converter)
    try:
        result = _js.convert(obj, 0xFFFF if depth < 0 else depth)
    except LookupError as refused:
        key, container = refused.args
        raise ConversionError(f"Cannot use {key!r} as a key for a Javascript {container}") from None
    if dict_converter is not None and isinstance(result, _Proxy):
        result = _helpers.deepConvert(result, dict_converter)
    return result


def _typed(value):
    """A typed array of a buffer's numbers."""
    view = memoryview(value)
    name = _array_names.get(view.format.lstrip("@=<"))
    if name is None or name == "Uint8Array":
        return _js.convert(view.tobytes(), 1)
    return _helpers.typed(name, _js.convert(view.tobytes(), 1))


_array_names = {
    "b": "Int8Array", "B": "Uint8Array", "h": "Int16Array", "H": "Uint16Array", "i": "Int32Array", "I": "Uint32Array", "l": "Int32Array",
    "L": "Uint32Array", "q": "BigInt64Array", "Q": "BigUint64Array", "f": "Float32Array", "d": "Float64Array",
}


def _walk_to_js(obj, depth, pyproxies, create_pyproxies, dict_converter, default_converter, eager_converter):
    cache = {}

    def remember(original, result):
        cache[id(original)] = result

    def convert(value, depth):
        if isinstance(value, _plain):
            return value
        if id(value) in cache:
            return cache[id(value)]
        if eager_converter is not None:
            return eager_converter(value, lambda item: plain(item, depth), remember)
        return plain(value, depth)

    def plain(value, depth):
        if isinstance(value, _plain):
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
            if isinstance(value, (bytes, bytearray, memoryview)) or type(value).__name__ == "array":
                return _typed(value)
        if default_converter is not None:
            return default_converter(value, lambda item: convert(item, depth), remember)
        if not create_pyproxies:
            raise ConversionError("No conversion known for x.")
        proxy = create_proxy(value, roundtrip=False)
        if pyproxies is not None:
            pyproxies.append(proxy)
        return proxy

    try:
        return convert(obj, depth)
    except ConversionError:
        raise
    except Exception as error:
        raise ConversionError("Conversion from python to javascript failed") from error


def create_proxy(obj, /, *, capture_this=False, roundtrip=True):
    """A proxy that lives until its destroy() is called."""
    if isinstance(obj, _plain):
        return obj
    proxy = _js.convert(obj, 0)
    _helpers.lasting(proxy)
    if capture_this:
        _helpers.capturing(proxy)
    return _helpers.roundtrip(proxy) if roundtrip else proxy


def create_once_callable(obj, /, *, _may_syncify=False):
    """A proxy for one call."""
    return _helpers.once(create_proxy(obj, roundtrip=False))


def destroy_proxies(pyproxies, /):
    """Destroys the proxies in a list that to_js() filled."""
    if isinstance(pyproxies, _Proxy):
        _helpers.releaseAll(pyproxies)
        return
    for proxy in pyproxies:
        proxy.destroy()


class ToJsConverter:
    """The type of converters."""


def can_run_sync():
    """Whether run_sync() works: always, since a program waits without holding the page."""
    return True


def run_sync(x):
    """Waits for an awaitable and returns its result."""
    if isinstance(x, _Proxy):
        return _js.wait(x)
    if not hasattr(x, "__await__"):
        raise TypeError(f"object {type(x).__name__} can't be awaited")
    webloop = sys.modules.get("pyodide.webloop")
    return webloop.wait(x) if webloop else _drive(x)


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
        raise TypeError("'pyodide.ffi.JsProxy' object can't be awaited")
    events = sys.modules.get("asyncio.events")
    loop = events._get_running_loop() if events else None
    if loop is None or not hasattr(loop, "_selector"):
        return _block(promise)
    return _future(promise, loop).__await__()


def _future(promise, loop):
    """A future of the loop that has the promise's end."""
    future = loop.create_future()

    def done(value):
        loop.call_soon_threadsafe(_set, future.set_result, future, value)

    def failed(error):
        loop.call_soon_threadsafe(_set, future.set_exception, future, error)

    _helpers.watch(promise, done, failed)
    return future


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

            reject(type(error).__qualname__, "".join(traceback.format_exception(error)), error)
        else:
            resolve(value)

    _thread.start_new_thread(run, ())


def _then(self, onfulfilled=None, onrejected=None, /):
    return _helpers.chain(self, _once(onfulfilled), _once(onrejected))[0]


def _once(function):
    return None if function is None else create_proxy(function, roundtrip=False)


def _catch(self, onrejected, /):
    return _then(self, None, onrejected)


def _finally(self, onfinally, /):
    return _helpers.finallyOf(self, create_proxy(lambda: onfinally(), roundtrip=False))[0]


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
    start, stop, _ = slice(start, stop).indices(len(self))
    for index, item in enumerate(self):
        if start <= index < stop and (item is value or item == value):
            return index
    raise ValueError(f"{value!r} is not in list")


def _count(self, value, /):
    return sum(1 for item in self if item is value or item == value)


def _map_keys(self):
    return _abc.KeysView(self)


def _map_values(self):
    return _abc.ValuesView(self)


def _map_items(self):
    return _abc.ItemsView(self)


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


def _object_map(self, *, hereditary=False):
    return _helpers.objectMap(self, hereditary)


def _to_bytes(self):
    return bytes(_helpers.bytes(self))


def _to_string(self, encoding=None):
    return _to_bytes(self).decode(encoding or "utf-8")


def _to_memoryview(self):
    return _numbers(self) if _js.kinds(self) & _TYPED else memoryview(bytearray(_helpers.bytes(self)))


def _assign(self, rhs, /):
    data = bytes(rhs)
    if len(data) != self.byteLength:
        raise ValueError(f"cannot assign to TypedArray of length {len(data)} from buffer of length {self.byteLength}")
    _helpers.assign(self, _js.convert(data, 1))


def _assign_to(self, to, /):
    view = memoryview(to)
    if view.readonly:
        raise BufferError("Object is not writable.")
    if view.nbytes != self.byteLength:
        raise ValueError(f"cannot assign from TypedArray of length {self.byteLength} to buffer of length {view.nbytes}")
    view.cast("B")[:] = _to_bytes(self)


def _to_file(self, file, /):
    file.write(_to_bytes(self))


def _from_file(self, file, /):
    data = file.read(self.byteLength)
    _helpers.assign(self, _js.convert(data, 1))


def _step(result):
    if result.done:
        raise StopIteration(result.value)
    return result.value


def _send_js(self, value=None, /):
    return _step(self.next(value))


def _failure(error, value):
    """The Error of an exception, which is the exception again when it comes back."""
    if isinstance(error, type):
        error = error() if value is None else value if isinstance(value, error) else error(value)
    if isinstance(error, JsException):
        return error
    import traceback

    failure = _js.construct(_js.root("ffi").PythonError, type(error).__qualname__, "".join(traceback.format_exception(error)))
    return _helpers.standFor(failure, error)


def _throw_js(self, error, value=None, traceback=None, /):
    return _step(_helpers.throwInto(self, _failure(error, value)))


def _close_js(self, /):
    _helpers.returnOf(self)


async def _step_later(result):
    result = await result
    if result.done:
        raise StopAsyncIteration
    return result.value


def _asend(self, value=None, /):
    return _step_later(self.next(value))


def _athrow(self, error, value=None, traceback=None, /):
    return _step_later(_helpers.throwInto(self, _failure(error, value)))


async def _aclose(self, /):
    await _helpers.returnOf(self)


class _AsyncSteps:
    """What aiter() of an async iterator is."""

    def __init__(self, iterator):
        self._iterator = iterator

    def __aiter__(self):
        return self

    def __anext__(self):
        return _step_later(self._iterator.next())


def _slice(self, key, /):
    if _js.kinds(self) & _TYPED:
        raise NotImplementedError("Slice subscripting isn't implemented for typed arrays")
    return _helpers.pick(self, to_js(list(range(*key.indices(len(self))))))


def _set_slice(self, key, values, /):
    if _js.kinds(self) & _TYPED:
        raise NotImplementedError("Slice assignment isn't implemented for typed arrays")
    try:
        values = list(values)
    except TypeError:
        raise TypeError("must assign iterable to extended slice") from None
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
    return _helpers.joined(self, other if isinstance(other, _Proxy) else to_js(list(other), depth=1))


def _extended(self, other, /):
    _extend(self, other)
    return self


def _repeated(self, count, /):
    return _helpers.repeated(self, max(0, count))


def _each(self):
    return _AsyncSteps(_helpers.iteratorOf(self))


def _spec(self):
    name = getattr(self, "__name__", None)
    if not isinstance(name, str) or not hasattr(self, "__path__"):
        raise AttributeError("__spec__")
    if name not in _specs:
        from importlib.machinery import ModuleSpec

        _specs[name] = ModuleSpec(name, None, is_package=True)
    return _specs[name]


_specs = {}
_view = _MUTABLE_MAP
_methods = {
    "to_py": (0, _method_to_py),
    "new": (_CALLABLE, _js.construct),
    "js_id": (_PROPERTY, _js.identity),
    "typeof": (_PROPERTY, lambda self: _helpers.typeOf(self)),
    "object_entries": (0, lambda self: _helpers.entries(self)),
    "object_keys": (0, lambda self: _helpers.keys(self)),
    "object_values": (0, lambda self: _helpers.values(self)),
    "as_object_map": (0, _object_map),
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
    "reverse": (_ARRAY, lambda self: _helpers.reverse(self)),
    "push": (_ARRAY, lambda self, *values: _helpers.push(self, *values)),
    "index": (_ARRAY | _TYPED, _index),
    "count": (_ARRAY | _TYPED, _count),
    "keys": (_MAP, _map_keys),
    "values": (_MAP, _map_values),
    "items": (_MAP, _map_items),
    "get": (_MAP, _map_get),
    "setdefault": (_view, _map_setdefault),
    "popitem": (_view, _map_popitem),
    "clear": (_view, _map_clear),
    "update": (_view, _map_update),
    "to_bytes": (_BUFFER, _to_bytes),
    "to_string": (_BUFFER, _to_string),
    "to_memoryview": (_BUFFER, _to_memoryview),
    "assign": (_BUFFER, _assign),
    "assign_to": (_BUFFER, _assign_to),
    "to_file": (_BUFFER, _to_file),
    "from_file": (_BUFFER, _from_file),
    "send": (_ITERATOR, _send_js),
    "throw": (_GENERATOR, _throw_js),
    "close": (_GENERATOR, _close_js),
    "asend": (_ASYNC_ITERATOR, _asend),
    "athrow": (_ASYNC_GENERATOR, _athrow),
    "aclose": (_ASYNC_GENERATOR, _aclose),
    "__anext__": (_ASYNC_ITERATOR, _asend),
    "__reversed__": (_ARRAY, lambda self: (self[at] for at in range(len(self) - 1, -1, -1))),
    "__spec__": (_PROPERTY, _spec),
    "unwrap": (_DOUBLE, lambda self: _helpers.unwrap(self)),
    "__getitem__": (_ARRAY | _TYPED, _slice),
    "__setitem__": (_ARRAY | _TYPED, _set_slice),
    "__delitem__": (_ARRAY, _delete_slice),
    "__add__": (_ARRAY, _concatenated),
    "__mul__": (_ARRAY, _repeated),
    "__rmul__": (_ARRAY, _repeated),
    "__iadd__": (_ARRAY, _extended),
    "__aiter__": (_ASYNC_ITERABLE, _each),
}

_js.register((JsException, JsBigInt, _Function, _Array, _Map), jsnull, _methods, _awaiter)


# ---- modules


def register_js_module(name, jsproxy):
    """Makes a JavaScript object importable."""
    if not isinstance(name, str):
        raise TypeError(f"Argument 'name' must be a str, not {type(name).__name__!r}")
    if not isinstance(jsproxy, _Proxy):
        raise TypeError(f"Argument 'jsproxy' must be a JsProxy, not {type(jsproxy).__name__!r}")
    _registered.add(name)
    _helpers.asModule(jsproxy, name)
    sys.modules[name] = jsproxy
    if _Finder not in sys.meta_path:
        sys.meta_path.append(_Finder)


def unregister_js_module(name):
    """Takes back what register_js_module() did."""
    if name not in _registered:
        raise ValueError(f"Cannot unregister {name!r}: no Javascript module with that name is registered")
    _registered.discard(name)
    sys.modules.pop(name, None)


_registered = set()
class _Finder:
    """Finds the objects in registered ones as submodules."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        parent, _, name = fullname.rpartition(".")
        found = getattr(sys.modules.get(parent), name, None) if parent.split(".")[0] in _registered else None
        if not isinstance(found, _Proxy):
            return None
        from importlib.machinery import ModuleSpec

        return ModuleSpec(fullname, _Loader(found), is_package=True)


class _Loader:
    def __init__(self, found):
        self._found = found

    def create_module(self, spec):
        _helpers.asModule(self._found, spec.name)
        return self._found

    def exec_module(self, module):
        pass


def _unpack(data, format, folder):
    from .._archive import unpack

    unpack(data, "", format, folder)


__all__ = [
    "ConversionError", "InternalError", "IN_PYODIDE", "JsArray", "JsAsyncGenerator", "JsAsyncIterable", "JsAsyncIterator", "JsBigInt",
    "JsBuffer", "JsCallable", "JsCallableDoubleProxy", "JsDomElement", "JsDoubleProxy", "JsException", "JsFetchResponse", "JsGenerator",
    "JsIterable", "JsIterator", "JsMap", "JsMutableMap", "JsNull", "JsOnceCallable", "JsPromise", "JsProxy", "JsTypedArray", "JsWeakRef",
    "ToJsConverter", "can_run_sync", "create_once_callable", "create_proxy", "destroy_proxies", "jsnull", "register_js_module", "run_sync",
    "to_js", "unregister_js_module",
]
