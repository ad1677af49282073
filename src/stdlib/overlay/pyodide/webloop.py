"""The page's event loop as asyncio's: it is always running, as seen from Python.

A run that awaits something at top level runs the loop itself. What is scheduled at other times (by an event listener, by a task
that outlives its run) is done in turns that the page's timers start, each only as long as something is ready.
"""

import asyncio
import contextlib
import contextvars
from asyncio import events
from _thread import get_ident

import _js

from .ffi import JsPromise, JsProxy, _future, _helpers

__all__ = ["PyodideFuture", "PyodideTask", "WebLoop", "WebLoopPolicy"]


def _is_awaitable(value):
    # The class decides, as for await; only promises among JavaScript's objects can be waited for.
    return isinstance(value, JsPromise) if isinstance(value, JsProxy) else hasattr(type(value), "__await__")


class _Promised:
    """What futures have of promises."""

    def then(self, onfulfilled, onrejected=None):
        """A future of what the first function makes of the result, or the second of the exception."""
        loop = self.get_loop()
        future = PyodideFuture(loop=loop)

        async def follow():
            try:
                value = await self
            except Exception as error:
                if onrejected is None:
                    raise
                value = onrejected(error)
            else:
                if onfulfilled is not None:
                    value = onfulfilled(value)
            return await value if _is_awaitable(value) else value

        def settle(task):
            if future.done():
                return
            if task.cancelled():
                future.cancel()
            elif error := task.exception():
                future.set_exception(error)
            else:
                future.set_result(task.result())

        loop.create_task(follow()).add_done_callback(settle)
        return future

    def catch(self, onrejected):
        """A future of the result, or of what the function makes of the exception."""
        return self.then(None, onrejected)

    def finally_(self, onfinally):
        """A future of the same end, after a call of the function."""

        async def finish():
            result = onfinally()
            if _is_awaitable(result):
                await result

        async def done(value):
            await finish()
            return value

        async def failed(error):
            await finish()
            raise error

        return self.then(done, failed)


class PyodideFuture(_Promised, asyncio.Future):
    """A future with a promise's methods."""


class PyodideTask(_Promised, asyncio.Task):
    """A task with a promise's methods."""


class WebLoop(asyncio.SelectorEventLoop):
    """One per session; `install()` makes it the current and running one."""

    def __init__(self):
        self._turn = None
        super().__init__()
        self._is_made = True

    _is_made = False

    def is_running(self):
        """The page never stops."""
        return self._is_made

    def _is_turning(self):
        return self._thread_id is not None

    def _check_running(self):
        global _is_entered
        _is_entered = False
        if self._is_turning():
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

    def create_future(self):
        """A future with a promise's methods."""
        return PyodideFuture(loop=self)

    def create_task(self, coro, **kwargs):
        """A task with a promise's methods, unless there is a factory."""
        if self._task_factory is not None:
            return super().create_task(coro, **kwargs)
        self._check_closed()
        return PyodideTask(coro, loop=self, **kwargs)

    def run_until_complete(self, future):
        """Inside of a run this is a task of its own, as in Pyodide."""
        if self._is_turning():
            return asyncio.ensure_future(future, loop=self)
        return super().run_until_complete(future)

    def close(self):
        """It is as long-lived as the page."""

    def _ask(self):
        """Has the page start a turn when something is due, unless somebody runs the loop."""
        if self._is_turning():
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
        if self._is_turning():
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
    _js.register_future(lambda promise: _future(promise, _loop))
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


def wait(awaitable):
    """Runs the loop, from inside of it if need be, until the awaitable is done."""
    loop = install()
    if not loop._is_turning():
        with entered():
            return loop.run_until_complete(awaitable)
    task = asyncio.ensure_future(awaitable, loop=loop)
    current = asyncio.current_task(loop)
    if current is not None:
        asyncio.tasks._leave_task(loop, current)
    try:
        while not task.done():
            loop._run_once()
    finally:
        if current is not None:
            asyncio.tasks._enter_task(loop, current)
    return task.result()


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
