"""The page's event loop as asyncio's: it is always running, as seen from Python.

A run that awaits something at top level runs the loop itself. What is scheduled at other times (by an event listener, by a task
that outlives its run) is done in turns that the page's timers start, each only as long as something is ready.
"""

import asyncio
import contextlib
import contextvars
from asyncio import events
from _thread import get_ident

from .ffi import _helpers

__all__ = ["WebLoop", "WebLoopPolicy"]


class WebLoop(asyncio.SelectorEventLoop):
    """One per session; `install()` makes it the current and running one."""

    def __init__(self):
        self._turn = None
        super().__init__()

    def _check_running(self):
        global _is_entered
        _is_entered = False
        if self.is_running():
            raise RuntimeError("This event loop is already running")

    def call_soon(self, callback, *args, context=None):
        handle = super().call_soon(callback, *args, context=context)
        self._ask()
        return handle

    def call_soon_threadsafe(self, callback, *args, context=None):
        handle = super().call_soon_threadsafe(callback, *args, context=context)
        self._ask()
        return handle

    def call_at(self, when, callback, *args, context=None):
        handle = super().call_at(when, callback, *args, context=context)
        self._ask()
        return handle

    def run_until_complete(self, future):
        """Inside of a run this is a task of its own, as in Pyodide."""
        if self.is_running():
            return asyncio.ensure_future(future, loop=self)
        return super().run_until_complete(future)

    def close(self):
        """It is as long-lived as the page."""

    def _ask(self):
        """Has the page start a turn when something is due, unless somebody runs the loop."""
        if self.is_running():
            # The run that waits in it may be set aside for a call from JavaScript, as this may be.
            if self._thread_id != get_ident():
                self._write_to_self()
            return
        if not (self._ready or self._scheduled):
            return
        delay = 0 if self._ready else max(0, self._scheduled[0].when() - self.time())
        due = self.time() + delay
        if self._turn is not None:
            if self._turn[0] <= due + 0.001:
                return
            _helpers.cancelTurn(self._turn[1])
        self._turn = (due, _helpers.laterTurn(delay * 1000))

    def turn(self):
        """Does what is ready."""
        self._turn = None
        if self.is_running():
            return
        super().call_soon(self.stop)
        self.run_forever()
        self._ask()


class WebLoopPolicy:
    """What asked for loops before Python 3.14."""

    def get_event_loop(self):
        return install()

    def new_event_loop(self):
        return install()

    def set_event_loop(self, loop):
        pass


_loop = None
# Somebody is about to run a loop: for that moment none is running.
_is_entered = False


@contextlib.contextmanager
def entered():
    """A context in which a loop can be run."""
    global _is_entered
    _is_entered = True
    try:
        yield
    finally:
        _is_entered = False


def install():
    """The session's loop. From the first call on it is the running one, in every thread."""
    global _loop
    if _loop is not None:
        return _loop
    _loop = WebLoop()
    _helpers.loopIsThere()
    running_here = events._get_running_loop
    run = asyncio.run

    def _get_running_loop():
        loop = running_here()
        return _loop if loop is None and not _is_entered else loop

    def get_running_loop():
        """Return the running event loop."""
        loop = _get_running_loop()
        if loop is None:
            raise RuntimeError("no running event loop")
        return loop

    def get_event_loop():
        """Return the running event loop."""
        return _get_running_loop() or _loop

    def run_here(main, *, debug=None, loop_factory=None):
        """Run a coroutine in a loop of its own, until it is done."""
        if running_here() is not None:
            return run(main, debug=debug, loop_factory=loop_factory)
        with entered():
            return run(main, debug=debug, loop_factory=loop_factory)

    run_here.__name__ = run_here.__qualname__ = "run"
    for function in (_get_running_loop, get_running_loop, get_event_loop):
        setattr(events, function.__name__, function)
        setattr(asyncio, function.__name__, function)
    asyncio.run = asyncio.runners.run = run_here
    return _loop


def turn():
    """The page's timer is up."""
    if _loop is not None:
        _loop.turn()


def start(awaitable, resolve, reject):
    """Runs an awaitable as a task, for JavaScript."""
    import traceback

    async def wait():
        try:
            value = await awaitable
        except BaseException as error:
            reject(type(error).__qualname__, "".join(traceback.format_exception(error)), error)
        else:
            resolve(value)

    task = install().create_task(wait(), context=contextvars.copy_context())
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


_tasks = set()
