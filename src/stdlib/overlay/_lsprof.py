"""The profiler under cProfile, in Python: it listens to sys.monitoring, so what is profiled runs slower than under CPython's."""

import sys
import time
from collections import namedtuple

profiler_entry = namedtuple("profiler_entry", "code callcount reccallcount totaltime inlinetime calls", module="_lsprof")
profiler_subentry = namedtuple("profiler_subentry", "code callcount reccallcount totaltime inlinetime", module="_lsprof")

_TOOL = sys.monitoring.PROFILER_ID
_BUILTIN, _METHOD = type(len), (type(str.join), type(str.__len__), type([].__len__), type(dict.__dict__["fromkeys"]))


class _Record:
    """What is known of a function, or of its calls by another one."""

    __slots__ = "key", "code", "count", "again", "total", "inline", "level", "calls"

    def __init__(self, key, code):
        self.key, self.code = key, code
        # Calls; those of them while the function ran already; times with and without what was called; how often it runs now.
        self.count = self.again = self.level = 0
        self.total = self.inline = 0.0
        self.calls = {}

    def add(self, whole, inline):
        self.level -= 1
        if self.level:
            self.again += 1
        else:
            self.total += whole
        self.inline += inline
        self.count += 1


class Profiler:
    """Build a profiler object using the specified timer function.

    The default timer is based on real time. For custom timer functions returning integers, 'timeunit' can be a float
    specifying a scale (that is, how long each integer unit is, in seconds).
    """

    __module__ = "_lsprof"

    def __init__(self, timer=None, timeunit=0.0, subcalls=True, builtins=True):
        self._timer = timer
        self._unit = timeunit
        self._subcalls, self._builtins = bool(subcalls), bool(builtins)
        self._is_enabled = self._is_timing = False
        self._records = {}
        # What runs: record, record by caller or None, start, time of what it called.
        self._stack = []

    def enable(self, subcalls=True, builtins=True):
        """Start collecting profiling information.

        subcalls
          If True, also records for each function statistics separated according to its current caller.
        builtins
          If True, records the time spent in built-in functions separately from their caller.
        """
        self._subcalls, self._builtins = bool(subcalls), bool(builtins)
        monitoring = sys.monitoring
        if monitoring.get_tool(_TOOL) is not None:
            raise ValueError("Another profiling tool is already active")
        monitoring.use_tool_id(_TOOL, "cProfile")
        events = monitoring.events
        callbacks = {
            events.PY_START: self._pystart_callback, events.PY_RESUME: self._pystart_callback, events.PY_THROW: self._pythrow_callback,
            events.PY_RETURN: self._pyreturn_callback, events.PY_YIELD: self._pyreturn_callback, events.PY_UNWIND: self._pyreturn_callback,
            events.CALL: self._ccall_callback, events.C_RETURN: self._creturn_callback, events.C_RAISE: self._creturn_callback,
        }
        chosen = 0
        for event, callback in callbacks.items():
            monitoring.register_callback(_TOOL, event, callback)
            if event not in (events.C_RETURN, events.C_RAISE):
                chosen |= event
        self._is_enabled = True
        monitoring.set_events(_TOOL, chosen)

    def disable(self):
        """Stop collecting profiling information."""
        if self._is_timing:
            raise RuntimeError("cannot disable profiler in external timer")
        if not self._is_enabled:
            return
        monitoring = sys.monitoring
        monitoring.set_events(_TOOL, 0)
        events = monitoring.events
        for event in (
            events.PY_START, events.PY_RESUME, events.PY_THROW, events.PY_RETURN, events.PY_YIELD, events.PY_UNWIND, events.CALL,
            events.C_RETURN, events.C_RAISE,
        ):
            monitoring.register_callback(_TOOL, event, None)
        monitoring.free_tool_id(_TOOL)
        self._is_enabled = False
        while self._stack:
            self._leave()

    def clear(self):
        """Clear all profiling information collected so far."""
        if self._is_timing:
            raise RuntimeError("cannot clear profiler in external timer")
        self._records = {}
        self._stack = []

    def getstats(self):
        """Return all information collected, as a list of profiler_entry objects."""
        entries = []
        for record in self._records.values():
            if not record.count:
                continue
            calls = [
                profiler_subentry(sub.code, sub.count, sub.again, sub.total, sub.inline) for sub in record.calls.values() if sub.count
            ]
            entries.append(profiler_entry(record.code, record.count, record.again, record.total, record.inline, calls or None))
        return entries

    def _now(self):
        if self._timer is None:
            return time.perf_counter()
        self._is_timing = True
        try:
            now = self._timer()
            return now * self._unit if self._unit > 0 else now + 0.0
        except BaseException as error:
            from types import SimpleNamespace
            sys.unraisablehook(
                SimpleNamespace(exc_type=type(error), exc_value=error, exc_traceback=error.__traceback__, err_msg=None, object=self._timer)
            )
            return 0.0
        finally:
            self._is_timing = False

    def _enter(self, key, code):
        record = self._records.get(key)
        if record is None:
            record = self._records[key] = _Record(key, code)
        sub = None
        if self._subcalls and self._stack:
            calls = self._stack[-1][0].calls
            sub = calls.get(key)
            if sub is None:
                sub = calls[key] = _Record(key, record.code)
            sub.level += 1
        record.level += 1
        context = [record, sub, 0.0, 0.0]
        self._stack.append(context)
        context[2] = self._now()

    def _leave(self):
        now = self._now()
        if not self._stack:
            return
        record, sub, start, called = self._stack.pop()
        whole = now - start
        if self._stack:
            self._stack[-1][3] += whole
        record.add(whole, whole - called)
        if sub is not None:
            sub.add(whole, whole - called)

    def _pystart_callback(self, code, instruction_offset, /):
        self._enter(code, "<method 'disable' of '_lsprof.Profiler' objects>" if code is _DISABLE else code)

    def _pythrow_callback(self, code, instruction_offset, exception, /):
        self._enter(code, code)

    def _pyreturn_callback(self, code, instruction_offset, retval, /):
        # What had begun before the profiler did is left out.
        if self._stack and self._stack[-1][0].key is code:
            self._leave()

    def _ccall_callback(self, code, instruction_offset, callable, self_arg, /):
        if self._builtins and not (self._stack and self._stack[-1][0].key is _DISABLE):
            key = _native_key(callable)
            if key is not None:
                self._enter(key, _native_name(callable))

    def _creturn_callback(self, code, instruction_offset, callable, self_arg, /):
        if self._builtins and self._stack:
            if self._stack[-1][0].key == _native_key(callable):
                self._leave()


_DISABLE = Profiler.disable.__code__


def _native_key(callable):
    """What a native function is known by: for a method that of its class, whichever object it is bound to."""
    kind = type(callable)
    if kind is _BUILTIN:
        owner = callable.__self__
        if owner is not None and not isinstance(owner, (type(sys), type)):
            return type(owner), callable.__name__
        return callable
    if kind in _METHOD:
        owner = getattr(callable, "__objclass__", None) or type(getattr(callable, "__self__", None))
        return owner, callable.__name__
    return None


def _native_name(callable):
    name = callable.__name__
    if type(callable) is not _BUILTIN:
        owner = getattr(callable, "__objclass__", None) or type(callable.__self__)
        return f"<method '{name}' of '{owner.__name__}' objects>"
    owner = callable.__self__
    if owner is not None and not isinstance(owner, type(sys)):
        cls = owner if isinstance(owner, type) else type(owner)
        for base in cls.__mro__:
            if name in base.__dict__:
                cls = base
                break
        if not isinstance(owner, type):
            prefix = "" if cls.__module__ == "builtins" else cls.__module__ + "."
            return f"<method '{name}' of '{prefix}{cls.__qualname__}' objects>"
        return f"<built-in method {name}>"
    module = callable.__module__
    return f"<built-in method {module}.{name}>" if module else f"<built-in method {name}>"
