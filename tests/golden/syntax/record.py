"""Records what CPython 3.14 says about the texts of errors.txt and shell.txt.

Usage: python3.14 record.py errors < errors.txt > errors.json
       python3.14 record.py shell < shell.txt > shell.json

Texts are separated by lines of four dashes; the line end before the separator does not belong to the text.
Only tokenizer and parser are asked (PyCF_ONLY_AST): what the symbol table and the code generator reject is
tested elsewhere.
"""

import ast
import codeop
import json
import sys
import warnings


def texts(data):
    if data.endswith("\n"):
        data = data[:-1]
    return data.split("\n----\n")


def error(source):
    try:
        compile(source, "<test>", "exec", ast.PyCF_ONLY_AST)
    except SyntaxError as e:
        return {
            "kind": type(e).__name__,
            "message": e.msg,
            "lineno": e.lineno,
            "offset": e.offset,
            "end_lineno": e.end_lineno,
            "end_offset": e.end_offset,
            "text": e.text,
        }
    except ValueError as e:
        return {"kind": type(e).__name__, "message": str(e)}
    return None


def completeness(source):
    command = codeop.CommandCompiler()
    command.compiler.flags |= ast.PyCF_ONLY_AST
    try:
        code = command(source, "<test>", "single")
    except SyntaxError as e:
        return type(e).__name__ + ": " + e.msg
    return "incomplete" if code is None else "complete"


def main():
    warnings.simplefilter("ignore")
    kind = sys.argv[1] if len(sys.argv) > 1 else "errors"
    judge = {"errors": error, "shell": completeness}[kind]
    records = [{"source": text, "result": judge(text)} for text in texts(sys.stdin.read())]
    print("[")
    print(",\n".join(json.dumps(record, ensure_ascii=False) for record in records))
    print("]")


main()
