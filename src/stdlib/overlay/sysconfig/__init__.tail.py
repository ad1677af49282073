# Snakelet: the library's folders are named as CPython's.


def _get_implementation():
    return 'Python'
