# concurrent.interpreters. CPython of the oracle is built without interpreters: there only the last line is printed.
import sys

results = []


def check(what, got, wanted):
    if got != wanted:
        print(f'{what}:\n  got    {got!r}\n  wanted {wanted!r}')


def double(n):
    return n * 2


def with_globals(n, *, k=3):
    return helper(n) + k


def helper(n):
    return n * 10


def fails():
    raise ValueError('no')


def raised(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__, str(error)


def main():
    import os
    import pickle
    import threading
    import time
    from concurrent import interpreters
    from concurrent.futures import InterpreterPoolExecutor

    check('main', (interpreters.get_current(), interpreters.get_main().id, interpreters.get_main().whence), (interpreters.get_main(), 0, 'runtime init'))
    interp = interpreters.create()
    check('create', (repr(interp), interp.is_running(), interp.whence), (f'Interpreter({interp.id})', False, '_interpreters module'))
    check('list', interp in interpreters.list_all(), True)
    interp.exec('import json, sys; counter = 41; sys.marker = 1')
    interp.exec('counter += 1')
    check('state', (interp.call(eval, 'counter'), 'counter' in globals(), hasattr(sys, 'marker')), (42, False, False))
    try:
        interp.exec('def f():\n    1/0\nf()')
    except interpreters.ExecutionFailed as error:
        check('failure', str(error), 'ZeroDivisionError: division by zero\n\nUncaught in the interpreter:\n\nTraceback (most recent call last):\n'
              '  File "<string>", line 3, in <module>\n  File "<string>", line 2, in f\nZeroDivisionError: division by zero')
        check('info', (error.excinfo.type.__name__, error.excinfo.msg), ('ZeroDivisionError', 'division by zero'))
    check('SyntaxError', raised(lambda: interp.exec('1 +'))[0], 'ExecutionFailed')
    interp.prepare_main({'a': 1}, b=('x', 2.5, None, b'y'))
    check('prepare_main', interp.call(eval, '(a, b)'), (1, ('x', 2.5, None, b'y')))
    check('not shareable', raised(lambda: interp.prepare_main(x=[1])), ('NotShareableError', '[1] does not support cross-interpreter data'))
    check('call', (interp.call(double, 21), interp.call(len, 'abc'), interp.call(dict, [('a', [1])])), (42, 3, {'a': [1]}))
    check('call with globals', interp.call(with_globals, 2, k=5), 25)
    check('call that fails', raised(lambda: interp.call(fails))[0], 'ExecutionFailed')
    check('shareable', [interpreters.is_shareable(x) for x in (1, 'a', (1, (None,)), [1], ([],), b'', 2.5)], [True, True, True, False, False, True, True])

    queue = interpreters.create_queue(maxsize=2)
    interp.prepare_main(queue=queue)
    queue.put((1, 'two', [3]))
    interp.exec('got = queue.get(); queue.put(got[:2]); queue.put({"n": got})')
    check('full', (queue.full(), queue.qsize(), raised(lambda: queue.put(1, block=False))[0]), (True, 2, 'QueueFull'))
    check('queue', (queue.get(), queue.get(), queue.empty(), raised(queue.get_nowait)[0]), ((1, 'two'), {'n': (1, 'two', [3])}, True, 'QueueEmpty'))

    reader, writer = os.pipe()
    interp.exec('import os, pickle\ndef receive(fd):\n    global data\n    data = pickle.loads(os.read(fd, 1000))')
    thread = threading.Thread(target=interp.exec, args=(f'receive({reader})',))
    thread.start()
    time.sleep(0.01)
    check('running', (interp.is_running(), raised(lambda: interp.exec('1')), raised(interp.close)),
          (True, ('InterpreterError', 'interpreter already running'), ('InterpreterError', 'interpreter running')))
    os.write(writer, pickle.dumps({'key': [1, 2]}))
    thread.join()
    check('pipe', interp.call(eval, 'data'), {'key': [1, 2]})

    interp.prepare_main(ident=threading.get_ident())
    check('thread', interp.call(eval, '__import__("threading").get_ident() == ident'), True)
    interp.exec('import time\ndef spin(n):\n    for _ in range(n): time.sleep(0.001)\n    queue.put("spun")')
    thread = interp.call_in_thread(exec, 'import __main__; __main__.spin(5)')
    thread.join()
    check('after', queue.get(), 'spun')
    inner = interp.call(eval, '[i.id for i in __import__("concurrent.interpreters").interpreters.list_all()]')
    check('seen from inside', inner, [i.id for i in interpreters.list_all()])

    interp.exec('queue.put("kept")')
    interp.close()
    check('unbound', repr(queue.get()), 'concurrent.interpreters._queues.UNBOUND')
    check('closed', (raised(lambda: interp.exec('1')), interp in interpreters.list_all()), (('InterpreterNotFoundError', f'unrecognized interpreter ID {interp.id}'), False))
    check('the main one', raised(interpreters.get_main().close)[0], 'InterpreterError')

    with InterpreterPoolExecutor(2) as executor:
        check('pool', list(executor.map(pow, [2, 3, 4], [2, 2, 2])), [4, 9, 16])
        check('pool failure', raised(executor.submit(int, 'x').result), ('ValueError', "invalid literal for int() with base 10: 'x'"))
    check('all gone', [i.id for i in interpreters.list_all()], [0])


if __name__ == '__main__':
    if sys.implementation.name == 'snakelet':
        main()
    print('done')
