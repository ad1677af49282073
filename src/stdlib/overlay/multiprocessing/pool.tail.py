# Snakelet: a pool of threads is told of changes by a queue of its own process, not through a pipe between processes.

class _Notifier(queue.SimpleQueue):
    @property
    def _reader(self):
        return self


class _Threads:
    SimpleQueue = _Notifier


def wait(notifiers, timeout=None):
    try:
        notifiers[0].get(timeout=timeout)
    except queue.Empty:
        pass


def _start_threads(self, processes=None, initializer=None, initargs=()):
    Pool.__init__(self, processes, initializer, initargs, context=_Threads)


ThreadPool.__init__ = _start_threads
