# needs: pygments==2.21.0
from pygments import highlight, lex
from pygments.formatters import HtmlFormatter, NullFormatter, Terminal256Formatter, TerminalFormatter, get_all_formatters
from pygments.lexers import get_all_lexers, get_lexer_by_name, get_lexer_for_filename, guess_lexer
from pygments.styles import get_all_styles

CODE = {
    'python': 'import os\n\nclass A(B):\n    """Doc."""\n    @property\n    async def f(self, x: int = 0x1F) -> f"{x!r}":\n        return [y for y in r"a\\n" if not None] # comment\n',
    'javascript': 'const f = async (x) => `a${x}b` ?? /re+/g; // comment\n',
    'html': '<!DOCTYPE html><p class="a">x &amp; y<script>let a = 1;</script></p>\n',
    'json': '{"a": [1, 2.5, true, null], "b": "\\u00e9"}\n',
    'rust': 'fn main() { let x: u32 = 5; println!("{}", x); }\n',
    'c': '#include <stdio.h>\nint main(void) { return 0; /* x */ }\n',
    'sql': 'SELECT * FROM t WHERE a = \'x\' -- c\n',
    'pycon': '>>> 1 + 1\n2\n>>> x\nTraceback (most recent call last):\n  File "<stdin>", line 1, in <module>\nNameError: x\n',
    'bash': 'for i in *.py; do echo "$i" | wc -l; done\n',
    'css': 'a:hover { color: #fff; margin: 0 1px }\n',
}
for name, text in CODE.items():
    lexer = get_lexer_by_name(name)
    print('--', lexer.name)
    print(highlight(text, lexer, HtmlFormatter(linenos='inline')))
    print([(str(kind), value) for kind, value in lex(text, lexer)])
    print(repr(highlight(text, lexer, Terminal256Formatter())))
print(len(list(get_all_lexers())), len(list(get_all_styles())), len(list(get_all_formatters())))
print(get_lexer_for_filename('x.rb').name, guess_lexer('#!/usr/bin/python\nprint(1)').name)
print(HtmlFormatter(style='monokai').get_style_defs('.h')[:300])
print(repr(highlight('x = 1', get_lexer_by_name('py'), TerminalFormatter())), highlight('a', get_lexer_by_name('text'), NullFormatter()))
