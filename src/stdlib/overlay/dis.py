"""
Shows the bytecode of functions, classes, modules and code objects.

In place of CPython's module, which decodes the instructions of another machine. The functions and classes are the same; the
instructions, and what an `Instruction` knows, are this machine's: see module `opcode`. Offsets count eight bytes an instruction, as
those of `co_lines()` and `co_positions()` do.
"""

import collections
import io
import sys
import types

import _opcode
import opcode as _tables
from opcode import *

__all__ = ["code_info", "dis", "disassemble", "distb", "disco", "findlinestarts", "findlabels", "show_code",
           "get_instructions", "Instruction", "Bytecode"] + _tables.__all__

_have_code = (types.MethodType, types.FunctionType, types.CodeType, classmethod, staticmethod, type)

# Bytes of an instruction; the first offset is that of what begins all code and does nothing.
_UNIT = 8


def _offset(index):
    return (index + 1) * _UNIT


COMPILER_FLAG_NAMES = {
    1: "OPTIMIZED",
    2: "NEWLOCALS",
    4: "VARARGS",
    8: "VARKEYWORDS",
    16: "NESTED",
    32: "GENERATOR",
    64: "NOFREE",
    128: "COROUTINE",
    256: "ITERABLE_COROUTINE",
    512: "ASYNC_GENERATOR",
    0x4000000: "HAS_DOCSTRING",
    0x8000000: "METHOD",
}


def pretty_flags(flags):
    """The names of a code object's flags, joined by commas."""
    names = []
    bit = 1
    while flags:
        if flags & bit:
            names.append(COMPILER_FLAG_NAMES.get(bit, hex(bit)))
            flags ^= bit
        bit <<= 1
    return ", ".join(names) or "0x0"


Positions = collections.namedtuple("Positions", ["lineno", "end_lineno", "col_offset", "end_col_offset"],
                                   defaults=[None] * 4)
_Instruction = collections.namedtuple(
    "_Instruction",
    ["opname", "opcode", "arg", "argval", "argrepr", "offset", "start_offset", "starts_line", "line_number", "label",
     "positions"],
    defaults=[None, None])


class Instruction(_Instruction):
    """One instruction.

    opname, opcode   its name and number
    arg              its operands, a tuple of numbers
    argval           where it jumps to, or its operands as text
    argrepr          its operands as text
    offset           where it is
    start_offset     the same
    starts_line      whether it is the first of a line
    line_number      the line it comes from, or None
    label            a number if an instruction jumps here, or None
    positions        a Positions object
    """

    __slots__ = ()

    @property
    def oparg(self):
        """The operands."""
        return self.arg

    @property
    def baseopcode(self):
        """The same as opcode: instructions are not specialised in place."""
        return self.opcode

    @property
    def baseopname(self):
        """The same as opname."""
        return self.opname

    @property
    def cache_offset(self):
        """Where the instruction ends: caches are kept elsewhere."""
        return self.offset + _UNIT

    @property
    def end_offset(self):
        """Where the instruction ends."""
        return self.offset + _UNIT

    @property
    def jump_target(self):
        """Where the instruction jumps to, or None."""
        return self.argval if self.opcode in hasjump else None

    @property
    def is_jump_target(self):
        """Whether another instruction jumps here."""
        return self.label is not None

    def __str__(self):
        return f"{self.opname:<20} {self.argrepr}".rstrip()


def _code_of(x):
    """The code object of something that has one."""
    x = getattr(x, "__func__", x)
    for attribute in ("__code__", "gi_code", "ag_code", "cr_code"):
        x = getattr(x, attribute, None) or x
    if isinstance(x, str):
        try:
            x = compile(x, "<disassembly>", "eval")
        except SyntaxError:
            x = compile(x, "<disassembly>", "exec")
    if hasattr(x, "co_code"):
        return x
    raise TypeError(f"don't know how to disassemble {type(x).__name__} objects")


def _instructions(code, line_offset=0):
    decoded = _opcode.instructions(code)
    targets = sorted({target for _, _, _, target in decoded if target is not None})
    labels = {target: number for number, target in enumerate(targets, 1)}
    last = None
    all_positions = list(code.co_positions())[_UNIT // 2::_UNIT // 2]
    for index, ((number, text, operands, target), place) in enumerate(zip(decoded, all_positions)):
        positions = Positions(*place)
        line = positions.lineno
        if line is not None:
            line += line_offset
        value = _offset(target) if target is not None else text
        offset = _offset(index)
        yield Instruction(opname[number], number, operands, value, text, offset, offset,
                          line is not None and line != last, line, labels.get(index), positions)
        last = line


def get_instructions(x, *, first_line=None, show_caches=None, adaptive=False):
    """The instructions of a function, method, string of source code or code object, one after the other."""
    code = _code_of(x)
    offset = 0 if first_line is None else first_line - code.co_firstlineno
    return _instructions(code, offset)


def findlinestarts(code):
    """Pairs of offset and line number, one for each place where a new line begins."""
    last = False
    for start, _, line in code.co_lines():
        if line is not last:
            last = line
            yield start, line


def findlabels(code):
    """The offsets that instructions jump to. Takes a code object: its bytes alone don't tell."""
    found = []
    for _, _, _, target in _opcode.instructions(_code_of(code)):
        if target is not None and _offset(target) not in found:
            found.append(_offset(target))
    return found


def code_info(x):
    """What a code object has besides its instructions, as text."""
    code = _code_of(x)
    lines = [
        f"Name:              {code.co_name}",
        f"Filename:          {code.co_filename}",
        f"Argument count:    {code.co_argcount}",
        f"Positional-only arguments: {code.co_posonlyargcount}",
        f"Kw-only arguments: {code.co_kwonlyargcount}",
        f"Number of locals:  {code.co_nlocals}",
        f"Stack size:        {code.co_stacksize}",
        f"Flags:             {pretty_flags(code.co_flags)}",
    ]
    if code.co_consts:
        lines.append("Constants:")
        lines += [f"{number:4}: {constant!r}" for number, constant in enumerate(code.co_consts)]
    for title, names in (("Names", code.co_names), ("Variable names", code.co_varnames),
                         ("Free variables", code.co_freevars), ("Cell variables", code.co_cellvars)):
        if names:
            lines.append(f"{title}:")
            lines += [f"{number:4}: {name}" for number, name in enumerate(names)]
    return "\n".join(lines)


def show_code(co, *, file=None):
    """Prints code_info(co)."""
    print(code_info(co), file=file)


def _write(code, lasti, file, line_offset=0, show_offsets=False, show_positions=False):
    names = {}
    instructions = list(_instructions(code, line_offset))
    for instruction in instructions:
        if instruction.label is not None:
            names[instruction.offset] = f"L{instruction.label}"
    for instruction in instructions:
        if instruction.starts_line and instruction.offset > 0 and not show_positions:
            print(file=file)
        if show_positions:
            p = instruction.positions
            line = f"{p.lineno}:{p.col_offset}-{p.end_lineno}:{p.end_col_offset}" if p.lineno is not None else "--"
            line = f"{line:>14}"
        else:
            line = f"{instruction.line_number:4}" if instruction.starts_line else "    "
        label = names.get(instruction.offset, "")
        label = f"{label}:" if label else ""
        arrow = "-->" if instruction.offset == lasti else "   "
        offset = f"{instruction.offset:5} " if show_offsets else ""
        text = str(instruction)
        if instruction.jump_target is not None:
            text = text.replace(f"-> {instruction.jump_target // _UNIT - 1}", f"-> {names[instruction.jump_target]}")
        print(f"{line} {arrow} {label:>5} {offset}{text}".rstrip(), file=file)
    handlers = _opcode.handlers(code)
    if handlers:
        print("ExceptionTable:", file=file)
        for start, end, target, depth in handlers:
            print(f"  {_offset(start)} to {_offset(end)} -> {_offset(target)} [r{depth}]", file=file)


def disassemble(co, lasti=-1, *, file=None, show_caches=False, adaptive=False, show_offsets=False,
                show_positions=False):
    """Prints the instructions of a code object, with an arrow at the last one that ran."""
    _write(co, lasti, file, show_offsets=show_offsets, show_positions=show_positions)


disco = disassemble


def _with_inner(code, depth, **options):
    disassemble(code, **options)
    if depth is not None and depth <= 0:
        return
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            print(file=options.get("file"))
            print(f"Disassembly of {constant!r}:", file=options.get("file"))
            _with_inner(constant, None if depth is None else depth - 1, **options)


def dis(x=None, *, file=None, depth=None, show_caches=False, adaptive=False, show_offsets=False, show_positions=False):
    """Prints the instructions of classes, methods, functions and code; without an argument, of the last traceback."""
    options = {"file": file, "show_offsets": show_offsets, "show_positions": show_positions}
    if x is None:
        distb(**options)
        return
    plain = getattr(x, "__func__", x)
    if isinstance(plain, str) or hasattr(plain, "co_code") or any(
            hasattr(plain, name) for name in ("__code__", "gi_code", "ag_code", "cr_code")):
        _with_inner(_code_of(x), depth, **options)
    elif hasattr(x, "__dict__"):
        for name, item in sorted(x.__dict__.items()):
            if isinstance(item, _have_code):
                print(f"Disassembly of {name}:", file=file)
                try:
                    dis(item, depth=depth, **options)
                except TypeError as message:
                    print(f"Sorry: {message}", file=file)
                print(file=file)
    else:
        raise TypeError(f"don't know how to disassemble {type(x).__name__} objects")


def distb(tb=None, *, file=None, show_caches=False, adaptive=False, show_offsets=False, show_positions=False):
    """Prints the code in which a traceback ends; of the last one if none is given."""
    if tb is None:
        last = getattr(sys, "last_exc", None)
        tb = last.__traceback__ if last is not None else getattr(sys, "last_traceback", None)
        if tb is None:
            raise RuntimeError("no last traceback to disassemble")
    while tb.tb_next:
        tb = tb.tb_next
    disassemble(tb.tb_frame.f_code, tb.tb_lasti, file=file, show_offsets=show_offsets, show_positions=show_positions)


class Bytecode:
    """The instructions of a piece of code: iterate over it, or ask for dis() or info()."""

    def __init__(self, x, *, first_line=None, current_offset=None, show_caches=False, adaptive=False,
                 show_offsets=False, show_positions=False):
        self.codeobj = code = _code_of(x)
        self.first_line = code.co_firstlineno if first_line is None else first_line
        self.current_offset = current_offset
        self._line_offset = self.first_line - code.co_firstlineno
        self._original_object = x
        self._options = {"show_offsets": show_offsets, "show_positions": show_positions}

    def __iter__(self):
        return _instructions(self.codeobj, self._line_offset)

    def __repr__(self):
        return f"{type(self).__name__}({self._original_object!r})"

    @classmethod
    def from_traceback(cls, tb, *, show_caches=False, adaptive=False):
        """The code in which a traceback ends."""
        while tb.tb_next:
            tb = tb.tb_next
        return cls(tb.tb_frame.f_code, current_offset=tb.tb_lasti)

    def info(self):
        """What the code has besides its instructions."""
        return code_info(self.codeobj)

    def dis(self):
        """The instructions as text."""
        with io.StringIO() as output:
            lasti = -1 if self.current_offset is None else self.current_offset
            _write(self.codeobj, lasti, output, self._line_offset, **self._options)
            return output.getvalue()


def main(args=None):
    """python -m dis [FILE]"""
    args = sys.argv[1:] if args is None else args
    if args and args[0] != "-":
        with open(args[0], encoding="utf-8") as file:
            name, source = args[0], file.read()
    else:
        name, source = "<stdin>", sys.stdin.read()
    dis(compile(source, name, "exec"))


if __name__ == "__main__":
    main()
