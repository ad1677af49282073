# Imports and __future__.
TEXTS = r'''
from __future__ import nothing
----
from __future__ import braces
----
from __future__ import division, nothing
----
from __future__ import (division,
    nothing)
----
from __future__ import *
----
from __future__ import division as d, braces as b
----
x = 1
from __future__ import division
----
import a
from __future__ import division
----
"doc"; "more"
from __future__ import division
----
"doc"
from __future__ import division
1
from __future__ import nothing
----
def f():
    from __future__ import division
----
class A:
    from __future__ import division
----
if a:
    from __future__ import annotations
----
try:
    from __future__ import annotations
except: pass
----
from __future__ import division
x = 1; from __future__ import division
----
import
----
import a,
----
import a, b,
----
import a.
----
import .a
----
import a as
----
import a as b.c
----
import a as b[0]
----
import a as b()
----
import a as 1
----
import a as None
----
import a as "b"
----
import (a)
----
import a b
----
import a from b
----
import *
----
import a as b, c as d.e
----
from
----
from a
----
from a import
----
from a import ,
----
from a import b,
----
from a import b, c,
----
from a import (b
----
from a import ()
----
from a import (,)
----
from a import (b,,)
----
from a import (b as c.d)
----
from a import b as c.d
----
from a import b as c()
----
from a import b as 1
----
from a import b as
----
from a import b.c
----
from a import *, b
----
from a import b, *
----
from a import (*)
----
from a import * as b
----
from a import b c
----
from a import "b"
----
from a import 1
----
from a import None
----
from a import b import c
----
from . import
----
from .a. import b
----
from a. import b
----
from a..b import c
----
from ... import *; x y
----
from 1 import a
----
from "a" import b
----
from a import b as c as d
----
import a.b as c.d
----
from a import (b as (c))
----
from a as b import c
----
from a import if
----
import if
----
import a.if
----
from if import a
'''
