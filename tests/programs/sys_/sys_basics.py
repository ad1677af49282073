import sys

print(sys.version_info[:2], sys.version_info >= (3, 14), sys.argv, type(sys.path).__name__, sys.byteorder, sys.maxunicode, sys.implementation.name in ("cpython", "snakelet"), sys.getrecursionlimit())
print("sys" in sys.modules, "builtins" in sys.builtin_module_names, sys.stdin.fileno() if False else 0, sys.float_info.max, sys.float_info.epsilon, sys.float_info.dig, sys.hash_info.inf, sys.flags.optimize)
print(sys.intern("abc") is sys.intern("ab" + "c"), sys.getdefaultencoding(), sys.stdout.encoding, sys.exc_info(), sys.stdout is sys.__stdout__, sys.ps1 if hasattr(sys, "ps1") else "no ps1")
print(sys.stdin.readline(), sys.stdin.read())
print(repr(sys.stdin.read()), sys.stdin.readline() == "")
for bad in (lambda: sys.exit(1, 2), lambda: sys.intern(5), lambda: sys.setrecursionlimit(), lambda: sys.getsizeof(), lambda: sys._getframe(5000)):
    try:
        bad()
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
print(sys.getsizeof([]) > 0, sys.getrefcount([]) >= 1, sys.executable is not None, sys.copyright[:13], isinstance(sys.platform, str), sys.dont_write_bytecode in (True, False))
