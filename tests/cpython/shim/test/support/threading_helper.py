"""Threads."""


def requires_working_threading(*, module=False):
    return lambda item: item
