"""Finding shared libraries: there are none."""


def find_library(name):
    """None: no library is found."""
    return None


def dllist():
    """The libraries that are loaded: none."""
    return []
