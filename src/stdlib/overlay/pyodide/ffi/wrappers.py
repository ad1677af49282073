"""JavaScript's callbacks for Python functions: listeners and timers, whose proxies go when they are not needed any more."""

import js

from . import create_once_callable, create_proxy

__all__ = ["add_event_listener", "clear_interval", "clear_timeout", "remove_event_listener", "set_interval", "set_timeout"]

_listeners = {}
_timeouts = {}
_intervals = {}


def add_event_listener(elt, event, listener, options=None):
    """elt.addEventListener(); the listener's proxy lives until remove_event_listener()."""
    proxy = create_proxy(listener)
    _listeners[elt.js_id, event, listener] = proxy
    if options is None:
        elt.addEventListener(event, proxy)
    else:
        elt.addEventListener(event, proxy, options)


def remove_event_listener(elt, event, listener):
    """Takes back what add_event_listener() did."""
    proxy = _listeners.pop((elt.js_id, event, listener))
    elt.removeEventListener(event, proxy)
    proxy.destroy()


def set_timeout(callback, timeout):
    """setTimeout(): calls back once, after milliseconds."""
    number = None

    def call():
        _timeouts.pop(number, None)
        callback()

    proxy = create_once_callable(call)
    timer = js.setTimeout(proxy, timeout)
    number = _key(timer)
    _timeouts[number] = proxy
    return timer


def clear_timeout(timeout_retval):
    """Takes back what set_timeout() did."""
    js.clearTimeout(timeout_retval)
    if proxy := _timeouts.pop(_key(timeout_retval), None):
        proxy.destroy()


def set_interval(callback, interval):
    """setInterval(): calls back again and again."""
    proxy = create_proxy(callback)
    timer = js.setInterval(proxy, interval)
    _intervals[_key(timer)] = proxy
    return timer


def clear_interval(interval_retval):
    """Takes back what set_interval() did."""
    js.clearInterval(interval_retval)
    if proxy := _intervals.pop(_key(interval_retval), None):
        proxy.destroy()


def _key(timer):
    # A number in browsers, an object in Node.
    return timer if isinstance(timer, int) else timer.js_id
