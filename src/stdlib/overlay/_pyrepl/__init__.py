"""What pydoc needs of CPython's shell: a page scrolls by itself, so there is no terminal to page in."""
