# A third of the modules of CPython's library: each imports, or says why it cannot.
import sys
import warnings

warnings.simplefilter('ignore')
NAMES = """
    _aix_support _ast _bisect _codecs _codecs_iso2022 _codecs_tw _colorize _csv _curses_panel _decimal
    _frozen_importlib_external _hashlib _imp _interpreters _json _lzma _multibytecodec _opcode_metadata _overlapped
    _posixsubprocess _pydatetime _pylong _random _sha1 _signal _sqlite3 _stat _strptime _symtable _threading_local
    _tracemalloc _uuid _weakrefset _zoneinfo annotationlib ast base64 bisect cProfile cmd codeop compileall
    configparser copy ctypes datetime difflib email enum fcntl fnmatch functools getopt glob gzip hmac imaplib io
    json locale mailbox mimetypes msvcrt nt numbers optparse pdb pkgutil poplib pprint pty pyclbr pyexpat random
    reprlib runpy select shlex site socketserver sre_constants stat stringprep symtable syslog tempfile threading
    tkinter tomllib tracemalloc turtledemo unicodedata uuid wave winreg xml zipfile zoneinfo
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
