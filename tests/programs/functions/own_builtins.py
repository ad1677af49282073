# Code may have builtins of its own: a dict, or any mapping.
import types


class Refused(Exception):
    pass


class Asked(dict):
    def __getitem__(self, key):
        raise Refused(key)


class Frozen(dict):
    def __setitem__(self, key, value):
        raise Refused(key)


def attempt(source, namespace):
    try:
        exec(source, namespace)
        print("no error", sorted(name for name in namespace if name != "__builtins__"))
    except Exception as error:
        print(type(error).__name__, error)


attempt("name", Asked(name=1))
attempt("name", {"__builtins__": Asked(name=1)})
attempt("x = name", {"__builtins__": types.MappingProxyType({"name": 1})})
attempt("x = other", {"__builtins__": types.MappingProxyType({"name": 1})})
attempt("x = name", {"__builtins__": 5})
attempt("x = 1", Frozen())
attempt("class A: pass", {"__builtins__": {}})
attempt("class A: pass", {"__builtins__": types.MappingProxyType({})})
attempt("import sys", {"__builtins__": types.MappingProxyType({})})
attempt("import sys.path", {"__builtins__": types.MappingProxyType({"__import__": lambda *args: args[0]})})
attempt("def f(): pass\ng = type(f)(f.__code__, {})\nassert g.__builtins__ is f.__builtins__ is __builtins__",
        {"__builtins__": {"type": type, "AssertionError": AssertionError}})
namespace = {}
exec("pass", namespace)
print(type(namespace["__builtins__"]))
