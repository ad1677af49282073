# needs: typer==0.16.0 click==8.1.8 rich==15.0.0 pygments==2.21.0 markdown-it-py==4.3.0 mdurl==0.1.2 shellingham==1.5.4 annotated-doc==0.0.4 typing-extensions==4.16.0
from enum import Enum
from typing import Annotated, Optional
import typer
from typer.testing import CliRunner

app = typer.Typer(help='A tool.', add_completion=False, rich_markup_mode=None)


class Color(str, Enum):
    red = 'red'
    green = 'green'


@app.command()
def hello(name: str, count: Annotated[int, typer.Option('--count', '-c', min=1, help='Times.')] = 1, color: Color = Color.red, loud: bool = False):
    """Says hello to NAME."""
    for _ in range(count):
        text = f'Hello {name} in {color.value}'
        typer.echo(text.upper() if loud else text)


@app.command()
def bye(names: list[str], formal: Annotated[Optional[bool], typer.Option(help='Politely.')] = None):
    print('Bye', *names, formal)
    raise typer.Exit(code=3)


runner = CliRunner()
for arguments in (['--help'], ['hello', '--help'], ['hello', 'Ann', '-c', '2', '--loud'], ['hello', 'Ann', '--color', 'blue'], ['hello'], ['bye', 'a', 'b', '--no-formal'], ['hello', 'x', '--count', 'many']):
    result = runner.invoke(app, arguments)
    print('$', *arguments, '->', result.exit_code)
    print(result.output)
    if result.exception and not isinstance(result.exception, SystemExit):
        print(repr(result.exception))
