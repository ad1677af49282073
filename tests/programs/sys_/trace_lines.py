# Which lines a tracer sees, of statements without instructions, too.
import sys


def constants(flag):
    try:
        2
    except ValueError:
        pass
    else:
        if flag == 1:
            6
        else:
            7
    finally:
        8
    while 1:
        break
    if flag:
        if not flag:
            pass
    else:
        pass


def loops(n):
    for i in range(n):
        if i > 100:
            continue
        try:
            if i == 1:
                break
        finally:
            i += 1
    while n:
        n -= 1
        if n:
            pass


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return True


def managers():
    for i in (1, 2):
        with Manager():
            break
    with Manager():
        raise ValueError
    try:
        1 / 0
    except ZeroDivisionError as error:
        name = error
    return 1


def generator():
    got = yield 1
    got


def use():
    return list(generator())


events = []


def trace(frame, event, argument):
    events.append((frame.f_lineno - frame.f_code.co_firstlineno, event))
    return trace


for function, arguments in [(constants, (1,)), (constants, (0,)), (loops, (2,)), (managers, ()), (use, ())]:
    events.clear()
    sys.settrace(trace)
    function(*arguments)
    sys.settrace(None)
    print(function.__name__, events)
