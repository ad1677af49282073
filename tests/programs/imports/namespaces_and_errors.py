import sys, os
os.makedirs('/tmp/nsx_program/a/pkg', exist_ok=True); os.makedirs('/tmp/nsx_program/b/pkg', exist_ok=True)
open('/tmp/nsx_program/a/pkg/one.py','w').write('x=1\n'); open('/tmp/nsx_program/b/pkg/two.py','w').write('y=2\nfrom . import one\nprint(one.x)\n')
sys.path[:0] = ['/tmp/nsx_program/a']
import pkg
print(pkg, pkg.__path__, pkg.__file__ if hasattr(pkg,'__file__') else None)
import pkg.one
try: import pkg.two
except ImportError as e: print(e)
sys.path.append('/tmp/nsx_program/b')
import pkg.two
print(pkg.__path__)
print(pkg.__spec__.loader.__class__.__name__, pkg.one.__spec__.parent, pkg.one.__package__)
open('/tmp/nsx_program/a/circ1.py','w').write('import circ2\nz=1\n')
open('/tmp/nsx_program/a/circ2.py','w').write('from circ1 import z\n')
try: import circ1
except ImportError as e: print(e)
open('/tmp/nsx_program/a/circ3.py','w').write('import circ4\n')
open('/tmp/nsx_program/a/circ4.py','w').write('import circ3\ncirc3.foo\n')
try: import circ3
except AttributeError as e: print(e)
open('/tmp/nsx_program/a/sp.py','w').write('print(__spec__.name, __loader__.name, __name__, __package__=="")\n')
import sp
print(__spec__, __name__)
try:
    from . import x
except ImportError as e: print(e)
try:
    from .. import x
except ImportError as e: print(e)
import importlib
try: importlib.import_module('.x')
except TypeError as e: print(e)
print(importlib.import_module('.one', 'pkg').x)
try: importlib.import_module('pkg.nine')
except ImportError as e: print(e)
try: import json.zork
except ImportError as e: print(e)
try: import sp.zork
except ImportError as e: print(e)
sys.modules['halt']=None
try: import halt
except ImportError as e: print(e)
try: from json import zork
except ImportError as e: print(e.msg.split('(')[0], e.name, e.name_from)
