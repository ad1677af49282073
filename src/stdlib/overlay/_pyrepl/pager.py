"""Pagers for help(): all of them just write, since a page scrolls by itself."""

import re
import sys


def get_pager():
    """The pager to use: the plain one."""
    return plain_pager


def plain(text):
    """Text without the overprinting that marks bold letters."""
    return re.sub(".\b", "", text)


def plain_pager(text, title=""):
    """Writes the text."""
    sys.stdout.write(plain(text))


def pipe_pager(text, cmd, title=""):
    plain_pager(text, title)


def tempfile_pager(text, cmd, title=""):
    plain_pager(text, title)


def tty_pager(text, title=""):
    plain_pager(text, title)
