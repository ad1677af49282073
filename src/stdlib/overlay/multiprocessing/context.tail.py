# Snakelet: there are no processes. The package is there for what works without them: `multiprocessing.dummy`, `ThreadPool`,
# `cpu_count`, and programs that import more than they use.

import errno

def _no_processes(*args, **kwargs):
    raise OSError(
        errno.ENOTSUP,
        "there are no processes here; use threading, multiprocessing.dummy or concurrent.futures.ThreadPoolExecutor",
    )


for _class in (Process, ForkProcess, SpawnProcess, ForkServerProcess):
    _class._Popen = staticmethod(_no_processes)
for _name in ("Manager", "Pool", "Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore", "Event", "Barrier", "Queue",
              "JoinableQueue", "SimpleQueue", "RawValue", "RawArray", "Value", "Array"):
    setattr(BaseContext, _name, _no_processes)
del _class, _name
