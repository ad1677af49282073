# needs: rich==15.0.0 pygments==2.21.0 markdown-it-py==4.3.0 mdurl==0.1.2
import io
from rich.console import Console
from rich.markdown import Markdown
from rich.panel import Panel
from rich.pretty import Pretty
from rich.progress import Progress
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

out = io.StringIO()
console = Console(file=out, width=72, force_terminal=True, color_system='truecolor', legacy_windows=False)
console.print('[bold magenta]Hello[/bold magenta], world :smiley: 42 "text" None')
table = Table(title='Planets', show_lines=True)
table.add_column('Name', style='cyan', no_wrap=True)
table.add_column('Radius', justify='right')
table.add_row('Earth', '6,371 km')
table.add_row('Jupiter', '69,911 km')
console.print(table)
tree = Tree('root')
branch = tree.add('[red]branch')
branch.add('leaf 1')
branch.add(Panel('leaf 2', expand=False))
console.print(tree)
console.print(Syntax('def f(x: int) -> str:\n    """Doc."""\n    return f"{x!r:>4}" + str(1.5)\n', 'python', line_numbers=True, theme='monokai'))
console.print(Markdown('# Title\n\nSome *emphasis* and `code`.\n\n1. one\n2. two\n\n> a quote\n\n```python\nprint(1)\n```\n'))
console.print(Pretty({'a': [1, 2, {'b': (True, None)}], 'long': ['x' * 20] * 4}, expand_all=False))
text = Text('Some text that wraps')
text.stylize('bold', 0, 4)
text.highlight_words(['text'], 'underline')
console.print(text, justify='center')
console.rule('[blue]The end')
console.print('[not a tag] \\[escaped]', '漢字', '👩‍💻')
try:
    console.print('[/wrong]')
except Exception as error:
    print(type(error).__name__, error)
print(out.getvalue())

plain = Console(file=io.StringIO(), width=60)
try:
    {'a': 1}['b'] / 0
except KeyError:
    plain.print_exception(show_locals=False, width=60)
print('KeyError' in plain.file.getvalue())
with Progress(console=Console(file=io.StringIO(), width=40), auto_refresh=False) as progress:
    print(progress.add_task('x', total=3))
from rich import inspect


class Thing:
    """A thing with a size."""

    size = 3

    def grow(self, by: int = 1) -> int:
        """Grows it."""

    def __repr__(self):
        return 'Thing()'


plain = Console(file=io.StringIO(), width=80)
inspect(Thing(), console=plain, methods=True)
print(plain.file.getvalue())
