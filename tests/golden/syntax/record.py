"""Records what CPython 3.14 says about the texts in this folder.

Usage, with KIND the name of one of them: python3.14 record.py KIND < KIND.txt > KIND.json

Texts are separated by lines of four dashes; the line end before the separator does not belong to the text.
Only tokenizer and parser are asked (PyCF_ONLY_AST): what the symbol table and the code generator reject is
tested elsewhere. In encodings.txt the texts are Python bytes literals, one a line.
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


def error(source, mode="exec"):
    try:
        compile(source, "<test>", mode, ast.PyCF_ONLY_AST)
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


def warned(source):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        compile(source, "<test>", "exec")
    return [str(w.message) for w in caught]


def encoding(source):
    return error(source.encode("latin-1"))


def main():
    warnings.simplefilter("ignore")
    kind = sys.argv[1] if len(sys.argv) > 1 else "errors"
    judges = {
        "errors": error,
        "eval": lambda source: error(source, "eval"),
        "single": lambda source: error(source, "single"),
        "shell": completeness,
        "warnings": warned,
        "encodings": encoding,
    }
    judge = judges[kind]
    sources = texts(sys.stdin.read())
    if kind == "encodings":
        sources = [ast.literal_eval(line).decode("latin-1") for line in sources[0].splitlines()]
    records = [{"source": text, "result": judge(text)} for text in sources]
    print("[")
    print(",\n".join(json.dumps(record, ensure_ascii=False) for record in records))
    print("]")


main()
