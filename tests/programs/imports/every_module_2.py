# A third of the modules of CPython's library: each imports, or says why it cannot.
import sys
import warnings

warnings.simplefilter('ignore')
NAMES = """
    _abc _apple_support _asyncio _bz2 _codecs_hk _codecs_kr _collections_abc _contextvars _curses _dbm
    _frozen_importlib _gdbm _hmac _interpqueues _ios_support _lsprof _md5 _opcode _osx_support _posixshmem
    _py_warnings _pyio _queue _scproxy _sha3 _socket _ssl _string _suggestions _thread _tokenize _typing _weakref
    _wmi abc array atexit binascii bz2 cmath codecs colorsys concurrent contextvars csv dataclasses decimal doctest
    ensurepip faulthandler fileinput ftplib genericpath gettext grp heapq http inspect itertools linecache lzma math
    modulefinder netrc nturl2path operator pathlib pickletools plistlib posixpath pstats py_compile pydoc_data
    quopri readline rlcompleter secrets shelve signal socket sre_compile ssl string subprocess sysconfig tarfile
    textwrap timeit tokenize traceback turtle typing urllib warnings webbrowser wsgiref zipapp zlib
"""

for name in NAMES.split():
    try:
        __import__(name)
    except ModuleNotFoundError as error:
        # The oracle has no reasons.
        if not str(error).endswith(')') and sys.implementation.name == 'snakelet':
            print(name, error)
    except Exception as error:
        print(name, type(error), error)
print('imported')
