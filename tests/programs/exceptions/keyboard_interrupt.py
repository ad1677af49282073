print("start")
try:
    raise KeyboardInterrupt
except Exception:
    print("not caught by Exception")
except BaseException as error:
    print("caught", repr(error))


def f():
    raise KeyboardInterrupt


f()
