# A third of the modules of CPython's library: each imports, or says why it cannot.
import sys
import warnings

warnings.simplefilter('ignore')
NAMES = """
    __future__ _android_support _ast_unparse _blake2 _codecs_cn _codecs_jp _collections _compat_pickle _ctypes
    _datetime _elementtree _functools _heapq _interpchannels _io _locale _markupbase _multiprocessing _operator
    _pickle _py_abc _pydecimal _pyrepl _remote_debugging _sha2 _sitebuiltins _sre _statistics _struct _sysconfig
    _tkinter _types _warnings _winapi _zstd argparse asyncio bdb builtins calendar code collections compression
    contextlib copyreg curses dbm dis encodings errno filecmp fractions gc getpass graphlib hashlib html importlib
    ipaddress keyword logging marshal mmap multiprocessing ntpath opcode os pickle platform posix profile pwd pydoc
    queue re resource sched selectors shutil smtplib sqlite3 sre_parse statistics struct sys tabnanny termios time
    token trace tty types unittest venv weakref winsound xmlrpc zipimport
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
