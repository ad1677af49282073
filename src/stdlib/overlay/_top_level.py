"""Top-level await of programs that use asyncio: one event loop for all of a session's runs, so that tasks outlive the run that made them."""

import asyncio
import sys

_runner = None


def run(awaitable):
    """Runs the loop until the awaitable is done."""
    global _runner
    webloop = sys.modules.get("pyodide.webloop")
    if _runner is None:
        _runner = asyncio.Runner(loop_factory=webloop.install) if webloop else asyncio.Runner()
    if not asyncio.iscoroutine(awaitable):
        awaitable = _wait(awaitable)
    if webloop is None:
        return _runner.run(awaitable)
    # The page's loop counts as running all the time.
    with webloop.entered():
        return _runner.run(awaitable)


async def _wait(awaitable):
    return await awaitable
