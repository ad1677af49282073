"""Stands in for CPython's package of tests; the runner adds the folder of the real ones to its path."""
