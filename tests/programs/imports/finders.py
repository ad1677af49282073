# User finders and loaders, specs, importlib.
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys


class Recorder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        print('find', name, path)
        return None


class Loader(importlib.abc.Loader):
    def create_module(self, spec):
        print('create', spec.name)
        return None

    def exec_module(self, module):
        print('exec', module.__name__, module.__spec__.parent == '')
        module.answer = 42


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == 'magic':
            return importlib.util.spec_from_loader(name, Loader())
        if name == 'broken':
            raise ValueError('finder failed')


sys.meta_path.insert(0, Recorder)
try:
    import nonsense.foo
except ModuleNotFoundError as e:
    print(e, e.name)
sys.meta_path[0] = Finder()
import magic
print(magic.answer, type(magic.__loader__).__name__, magic.__spec__.name)
try:
    import broken
except ValueError as e:
    print(e, e.__traceback__.tb_next.tb_frame.f_code.co_name)
magic.answer = 0
print(importlib.reload(magic).answer, magic.answer)
del sys.meta_path[0]
try:
    import nonsense
except ImportError as e:
    print(repr(e))

spec = importlib.util.find_spec('textwrap')
print(spec.name, type(spec).__name__, spec.has_location, spec.submodule_search_locations)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print(module.dedent('  a'), module is importlib.import_module('textwrap'))
print(importlib.util.find_spec('no_such_module'))
try:
    importlib.util.find_spec('no_such.module')
except ModuleNotFoundError as e:
    print(e)
print(importlib.util.resolve_name('.a', 'b.c'))
print(sys.__spec__, sys.__loader__)
import json
print(json.__spec__.name, json.__spec__.parent, json.decoder.__spec__.parent, json.__package__)
print(importlib.import_module('.decoder', 'json') is json.decoder)
for args in ('.x',), ('.x', ''), ('',):
    try:
        importlib.import_module(*args)
    except (TypeError, ImportError, ValueError) as e:
        print(type(e).__name__, e)

# A path hook.
class PathEntry:
    def __init__(self, path):
        if path != 'memory:':
            raise ImportError
    def find_spec(self, name, target=None):
        if name == 'from_memory':
            return importlib.util.spec_from_loader(name, Loader(), origin='memory')

sys.path_hooks.append(PathEntry)
sys.path.append('memory:')
import from_memory
print(from_memory.answer, from_memory, type(sys.path_importer_cache['memory:']).__name__)

# builtins.__import__ replaced.
import builtins
original = builtins.__import__
def traced(name, globals=None, locals=None, fromlist=(), level=0):
    print('import', name, fromlist, level)
    return original(name, globals, locals, fromlist, level)
builtins.__import__ = traced
import json.encoder
from json import decoder as d, encoder
builtins.__import__ = original
module = importlib.util.module_from_spec(importlib.machinery.ModuleSpec('bare', None))
print(module, module.__spec__, module.__loader__)
lazy = importlib.util.LazyLoader(importlib.util.find_spec('colorsys').loader)
print(type(lazy).__name__)
