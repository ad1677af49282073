# Invalid escapes and numbers that touch keywords are warned of even where the program is wrong further on.
import ast, codeop, warnings

def show(function, *args):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            function(*args)
        except SyntaxError as error:
            print(type(error).__name__, error.args)
    for warning in caught:
        print("   ", warning.category.__name__, warning.message, warning.filename, warning.lineno)

for source in ["'\\e' 1", "'\\e' $", "1 '\\e'", "x = '\\e'\n\ny = = '\\q'", "0x1for x in y z", "1 if 2else 3 4", "f('\\d' '\\w' b'\\z')) '\\k'",
               "return '\\d'", "f'\\d{x}' 1", "'\\d'\nimport a.b as c.d"]:
    print(repr(source))
    show(compile, source, "f.py", "exec")
    show(eval, source)
    show(exec, source)
    show(ast.parse, source)
    show(codeop.compile_command, source)

with warnings.catch_warnings():
    warnings.simplefilter("error")
    for source in ["'\\e' 1", "1if 2else 3 4", "'\\e'"]:
        for function in eval, ast.parse:
            try:
                function(source)
            except SyntaxError as error:
                print(type(error).__name__, error.args)
