"""Queues between interpreters: what concurrent.interpreters' Queue is built on.

They lie in the dict that all interpreters share. Items are kept in the form in which they cross (see _interpside).
"""

import _interpside
import _subinterpreters

_REMOVE, _ERROR, _REPLACE = 1, 2, 3

_queue_class = None
_empty_class = _full_class = None


class QueueError(Exception):
    """Indicates that a queue-related error happened."""

    __module__ = "concurrent.interpreters"


class QueueNotFoundError(QueueError):
    """The queue was not found."""

    __module__ = "concurrent.interpreters"


class _Queue:
    """A queue; items are lists of form, what becomes of them when their interpreter ends, and that interpreter."""

    def __init__(self, maxsize, unbound, fallback):
        self.maxsize = maxsize
        self.unbound = unbound
        self.fallback = fallback
        self.items = []
        self.references = 0

    def unbind(self, interpreter):
        self.items[:] = [item for item in self.items if item[2] != interpreter or item[1] != _REMOVE]
        for item in self.items:
            if item[2] == interpreter:
                item[0] = None


def _register_heap_types(queue_class, empty_class, full_class):
    global _queue_class, _empty_class, _full_class
    _queue_class, _empty_class, _full_class = queue_class, empty_class, full_class


def _queues():
    return _subinterpreters.shared().setdefault("queues", {})


def _find(id):
    queue = _queues().get(id)
    if queue is None:
        raise QueueNotFoundError(f"queue {id} not found")
    return queue


def create(maxsize, unboundop=-1, fallback=-1):
    """Make a queue; its number."""
    if unboundop != -1 and unboundop not in (_REMOVE, _ERROR, _REPLACE):
        raise ValueError(f"unsupported unboundop {unboundop}")
    shared = _subinterpreters.shared()
    id = shared["last queue"] = shared.get("last queue", 0) + 1
    _queues()[id] = _Queue(maxsize, unboundop, fallback)
    return id


def destroy(qid):
    _find(qid)
    del _queues()[qid]


def list_all():
    return [(id, queue.unbound, queue.fallback) for id, queue in _queues().items()]


def put(qid, obj, unboundop=-1, fallback=-1):
    """Add an item; QueueFull if there is no room."""
    queue = _find(qid)
    form = _interpside.encode(obj)
    if form is None:
        from _interpreters import NotShareableError
        raise NotShareableError(f"{obj!r} does not support cross-interpreter data")
    if 0 < queue.maxsize <= len(queue.items):
        raise _full_class(f"queue {qid} is full")
    queue.items.append([form, queue.unbound if unboundop == -1 else unboundop, _subinterpreters.current()])


def get(qid):
    """The next item and None, or None and what stands for it if its interpreter has ended."""
    queue = _find(qid)
    if not queue.items:
        raise _empty_class(f"queue {qid} is empty")
    form, unbound, _ = queue.items.pop(0)
    return (None, unbound) if form is None else (_interpside.decode(form), None)


def bind(qid):
    _find(qid).references += 1


def release(qid):
    queue = _find(qid)
    if queue.references == 0:
        raise QueueError(f"queue {qid} not bound")
    queue.references -= 1
    if queue.references == 0:
        del _queues()[qid]


def get_maxsize(qid):
    return _find(qid).maxsize


def get_queue_defaults(qid):
    queue = _find(qid)
    return queue.unbound, queue.fallback


def is_full(qid):
    queue = _find(qid)
    return 0 < queue.maxsize <= len(queue.items)


def get_count(qid):
    return len(_find(qid).items)
