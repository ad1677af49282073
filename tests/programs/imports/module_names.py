# The names of a module that the import system sets are there for modules with a __getattr__ of their own too.
import sys
import typing
import fractions

print(typing.__spec__.name, typing.__loader__ is not None, typing.__spec__.loader is typing.__loader__)
print(typing.__cached__.rpartition("/")[2].replace(sys.implementation.cache_tag, "TAG"))
print(fractions.__cached__ == fractions.__spec__.cached)
print([name for name in dir(fractions) if name.startswith("__")])
try:
    typing.nothing
except AttributeError as error:
    print(error)
typing.__spec__.name = "spelling"
print(typing.__name__, typing.__spec__.name)
