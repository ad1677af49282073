"""Top-level await of programs that use asyncio: one event loop for all of a session's runs, so that tasks outlive the run that made them."""

import asyncio

_runner = None


def run(awaitable):
    """Runs the loop until the awaitable is done."""
    global _runner
    if _runner is None:
        _runner = asyncio.Runner()
    if not asyncio.iscoroutine(awaitable):
        awaitable = _wait(awaitable)
    return _runner.run(awaitable)


async def _wait(awaitable):
    return await awaitable
