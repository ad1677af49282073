# Module tokenize: kinds, places and lines of tokens; errors; untokenize; detect_encoding.
import io
import token
import tokenize


def show(source):
    print('---', repr(source))
    try:
        for info in tokenize.generate_tokens(io.StringIO(source, newline='').readline):
            print(token.tok_name[info.exact_type], *info[1:], sep=' | ' if '\n' not in info.line else ' ; ')
    except (tokenize.TokenError, SyntaxError) as error:
        print(type(error).__name__, error.args)


for source in [
    '', 'x', 'x = 1\n', 'x # c', '# c', '  # c\nx\n', '\n\nx\n\n', 'if x:\n  y\n\n  # c\nz', 'if x:\n  if y:\n    z\n# foo\n',
    'if x:\n  y\n  ', 'a = (\n  1, # c\n\n 2)\n', 'a\r\nb # c\r\n\r\n', 'x = """a\nb""" + 1\n', 'é = "é" + é\n',
    'f"a{x!r:>{w}}b"\n', 'f"""a\nb{x}\nc{y:\n}"""\n', 'f"a{{b}}c"\n', "t'{x=}'", 'f"\\N{DIGIT ONE}{x}"', '1abc 0777 1if 2else 3\n',
    '$ ? !\n', '€ = 1\n', 'x = (', 'x = )\n', '"abc\n', '"""abc\n', 'f"abc\n', 'f"{x\n', 'if 1:\n\tx\n        y\n',
    'if 1:\n    x\n  y\n', 'x \\\n y\n', 'x \\ y\n', 'x \\\n', '0x\n', '1_\n', '0b12\n', '1.e+\n', 'a\0b\n', "ub'x'\n", 'a <> b\n',
    'a->b:=c...d\n', 'x = "a\\\nb"\n', '\x0c x\n', "f'{x:a{{b}}}'", "f'a\\\nb'\n", '[(1}\n', "f'{x}}'\n", "f'{a[2}]'\n", '\\\n  x\n',
    "f'{a:\n}'\n", "'''a\r\nb'''\r\n",
]:
    show(source)

# Only as many lines are read as the next token needs.
lines = iter(['if x:\n', '  y = """\n', 'text\n', '"""\n', 'z\n'])


def readline():
    line = next(lines)
    print('reads', repr(line))
    return line


for info in tokenize.generate_tokens(readline):
    print(info)

# Text to tokens and back.
source = 'def f(a, *b):\n    """doc"""\n    return f"{a!r:>{10}} {b}" + \'x\'  # end\n\n\nf(1,\n  2)\n'
tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
print(tokenize.untokenize(tokens) == source)
print(tokenize.untokenize([info[:2] for info in tokens]))
for data in [b'x = 1\n', b'# coding: latin-1\nx = "\xe9"\n', b'\xef\xbb\xbfx\n', b'# coding: nope\n', b'\xef\xbb\xbf# coding: latin-1\n',
             b'\n# vim: set fileencoding=iso-8859-15 :\n', b'x\n# coding: latin-1\n', b'', b'x = "\xff"\n']:
    try:
        print(tokenize.detect_encoding(io.BytesIO(data).readline))
        print(list(tokenize.tokenize(io.BytesIO(data).readline))[:4])
    except SyntaxError as error:
        print(error)
for bad in [b'x', 5]:
    try:
        print(list(tokenize.generate_tokens(lambda: bad)))
    except TypeError as error:
        print(error)
