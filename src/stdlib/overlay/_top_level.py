"""Top-level await of programs that use asyncio: one event loop for all of a session's runs, so that tasks outlive the run that made them.

In a shell the same loop counts as running while a statement without await is executed, so that `asyncio.create_task()` can be called
at the prompt; and while the prompt waits a thread runs the loop, as long as something is left to do. The loop is run by one thread
at a time: a statement begins when that thread has stopped.
"""

import asyncio
import sys
from contextlib import nullcontext
from _thread import _interrupt, allocate_lock, get_ident, start_new_thread
from asyncio import events

_runner = None
# The thread that executes a statement of the shell.
_executing = None
# Held by the thread that runs the loop while the prompt waits, and that thread.
_between = _thread = None


def run(awaitable):
    """Runs the loop until the awaitable is done."""
    loop = _get_loop()
    if not asyncio.iscoroutine(awaitable):
        awaitable = _wait(awaitable)
    webloop = sys.modules.get("pyodide.webloop")
    # The page's loop counts as running all the time.
    with webloop.entered() if webloop else nullcontext():
        try:
            return _runner.run(awaitable)
        except KeyboardInterrupt as error:
            # It is told where the program was, not how the loop was stopped.
            if isinstance(error.__context__, asyncio.CancelledError):
                raise error.with_traceback(error.__context__.__traceback__) from None
            raise


async def _wait(awaitable):
    return await awaitable


def _get_loop():
    global _runner
    webloop = sys.modules.get("pyodide.webloop")
    if _runner is None or webloop is None and _runner.get_loop().is_closed():
        _runner = asyncio.Runner(loop_factory=webloop.install) if webloop else asyncio.Runner()
    return _runner.get_loop()


def enter():
    """A statement of the shell is about to be executed."""
    global _executing, _between
    if "pyodide.webloop" in sys.modules:
        return
    if _between is not None:
        loop = _get_loop()
        loop._stopping = True
        loop._write_to_self()
        try:
            _between.acquire()
        except KeyboardInterrupt:
            # A task that never waits is ended in place of the statement.
            _interrupt(_thread)
            _between.acquire()
            raise KeyboardInterrupt from None
        finally:
            _between = None
    for function in get_running_loop, get_event_loop:
        setattr(events, function.__name__, function)
        setattr(asyncio, function.__name__, function)
    _executing = get_ident()


def leave():
    """The statement is over."""
    global _executing, _between, _thread
    _executing = None
    if _runner is None or "pyodide.webloop" in sys.modules:
        return
    loop = _get_loop()
    if loop._ready or loop._scheduled or asyncio.all_tasks(loop) or len(loop._selector.get_map()) > 1:
        _between = allocate_lock()
        _between.acquire()
        _thread = start_new_thread(_go_on, (loop, _between))


def _go_on(loop, lock):
    try:
        loop.run_forever()
    except KeyboardInterrupt:
        pass
    finally:
        lock.release()


def _find_loop():
    loop = events._get_running_loop()
    if loop is None and (current := sys.modules.get(__name__)) and current._executing == get_ident():
        loop = current._get_loop()
    return loop


def get_running_loop():
    """Return the running event loop."""
    loop = _find_loop()
    if loop is None:
        raise RuntimeError("no running event loop")
    return loop


_get_event_loop = getattr(events.get_event_loop, "_before", events.get_event_loop)


def get_event_loop():
    """Return the running event loop, or the one that was set."""
    return _find_loop() or _get_event_loop()


get_event_loop._before = _get_event_loop
