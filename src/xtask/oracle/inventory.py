# One line for every name of the builtin types and of the modules below: path, kind, signature, and whether it has a doc.
# Runs under CPython to make the record and under our program to compare.
import sys

MODULES = """builtins sys math cmath time _thread itertools operator functools collections types string keyword bisect heapq textwrap
random re json struct copy enum dataclasses abc contextlib io os os.path datetime decimal fractions statistics calendar
threading queue asyncio socket select array weakref gc traceback inspect typing pprint reprlib hashlib base64 binascii zlib csv
unicodedata locale getpass platform shutil tempfile pathlib glob fnmatch linecache pickle copyreg shelve sqlite3 argparse optparse
logging unittest doctest timeit cProfile pstats warnings ast dis tokenize symtable importlib html html.parser xml.etree.ElementTree
urllib.parse urllib.request http.client http.server email uuid secrets ipaddress difflib graphlib zoneinfo numbers errno signal
subprocess codecs stringprep turtle tkinter concurrent.futures concurrent.interpreters""".split()


def line(path, value):
    kind = type(value).__name__
    signature = getattr(value, "__text_signature__", None) or ""
    doc = getattr(value, "__doc__", None)
    own_doc = bool(doc) and (kind == "type" or doc != getattr(type(value), "__doc__", None))
    print(path, kind, " ".join(str(signature).split()), "doc" if own_doc else "-", sep="\t")


def names(value):
    try:
        return sorted(dir(value))
    except Exception:
        return []


def show(module_name):
    try:
        module = __import__(module_name)
        for part in module_name.split(".")[1:]:
            module = getattr(module, part)
    except BaseException as error:
        print(module_name, "missing", type(error).__name__, "-", sep="\t")
        return
    line(module_name, module)
    for name in names(module):
        if name.startswith("_") and module_name != "builtins":
            continue
        try:
            value = getattr(module, name, None)
        except ImportError:
            continue
        path = f"{module_name}.{name}"
        if type(value) is type(sys):
            continue
        line(path, value)
        if isinstance(value, type) and getattr(value, "__module__", None) in (module_name, "builtins", "_" + module_name):
            for attribute in names(value):
                if attribute in value.__dict__ or attribute in ("__init__", "__new__"):
                    line(f"{path}.{attribute}", value.__dict__.get(attribute, getattr(value, attribute, None)))


for name in MODULES:
    show(name)
