"""
The instruction set of this Python, by number and by name.

In place of CPython's module, whose tables describe another machine: this one has registers instead of a stack, and its
instructions have up to three operands.
"""

import _opcode
from _opcode import stack_effect

__all__ = ["cmp_op", "stack_effect", "hascompare", "opname", "opmap", "HAVE_ARGUMENT", "EXTENDED_ARG", "hasarg",
           "hasconst", "hasname", "hasjump", "hasjrel", "hasjabs", "hasfree", "haslocal", "hasexc"]

opname = _opcode.names()
opmap = {name: number for number, name in enumerate(opname) if name[0] != "<"}

# Looked up by programs that would put it in front of other code; no instruction has this number.
opmap["COPY_FREE_VARS"] = 255

# Operands are fields of every instruction: there is neither a first opcode that has one nor a prefix that extends it.
HAVE_ARGUMENT = 0
EXTENDED_ARG = -1

cmp_op = ('<', '<=', '==', '!=', '>', '>=')


def _having(test):
    return [number for number in range(len(opname)) if test(number)]


hasarg = _having(_opcode.has_arg)
hasconst = _having(_opcode.has_const)
hasname = _having(_opcode.has_name)
hasjump = _having(_opcode.has_jump)
hasjrel = hasjump
hasjabs = []
hasfree = _having(_opcode.has_free)
haslocal = _having(_opcode.has_local)
hasexc = _having(_opcode.has_exc)
hascompare = []
