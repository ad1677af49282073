# What compile says about a text, with every attribute of the exception and the carets that a traceback shows.
import traceback


def texts(block):
    return block.strip('\n').split('\n----\n')


def report(source, mode='exec', **more):
    try:
        compile(source, '<text>', mode, dont_inherit=True, **more)
    except SyntaxError as e:
        place = f'{e.lineno}:{e.offset}-{e.end_lineno}:{e.end_offset}'
        args = 'message only' if e.args == (e.msg,) else 'whole' if e.args[1][1:3] == (e.lineno, e.offset) else e.args
        print(type(e).__name__, place, repr(e.text), e.filename, args)
        print(*traceback.format_exception_only(e)[1:], sep='', end='')
    except (ValueError, OverflowError, MemoryError, RecursionError) as e:
        print(type(e).__name__, e)
    else:
        print('accepted', repr(source))
