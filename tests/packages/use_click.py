# needs: click==8.5.1
import click
from click.testing import CliRunner


@click.group()
@click.option('--verbose/--quiet', default=False, help='Say more.')
@click.version_option('1.2.3', prog_name='tool')
@click.pass_context
def cli(ctx, verbose):
    """A small tool."""
    ctx.obj = {'verbose': verbose}


@cli.command()
@click.argument('names', nargs=-1, required=True)
@click.option('--count', '-c', default=1, show_default=True, type=click.IntRange(1, 5), help='How many times.')
@click.option('--color', type=click.Choice(['red', 'green'], case_sensitive=False))
@click.pass_obj
def greet(obj, names, count, color):
    """Greets NAMES."""
    for name in names:
        for _ in range(count):
            click.secho(f'Hello, {name}!', fg=color)
    if obj['verbose']:
        click.echo('done', err=True)


@cli.command()
@click.password_option()
@click.option('--file', type=click.File('w'), default='-')
def secret(password, file):
    file.write(f'{len(password)} characters\n')
    if click.confirm('Go on?'):
        raise click.ClickException('stopped')


runner = CliRunner()
for arguments, text in [
    (['--help'], None), (['greet', '--help'], None), (['--version'], None), (['greet', 'Ann', 'Bob', '-c', '2', '--color', 'RED'], None),
    (['--verbose', 'greet', 'Ann'], None), (['greet'], None), (['greet', 'x', '--count', '9'], None), (['greet', '--colour', 'red'], None),
    (['gret'], None), (['secret'], 'abc\nabc\ny\n'), (['greet', 'x', '--color', 'blue'], None),
]:
    result = runner.invoke(cli, arguments, input=text)
    print('$', *arguments, '->', result.exit_code)
    print(result.output)
    if result.exception and not isinstance(result.exception, SystemExit):
        print(repr(result.exception))
print(click.style('x', bold=True, fg='blue').encode())
print(click.unstyle(click.style('plain', fg='red')))
