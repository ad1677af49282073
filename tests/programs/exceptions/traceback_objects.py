import sys


def inner():
    local = 5
    raise ValueError("deep")


def outer():
    inner()


try:
    outer()
except ValueError as error:
    tb = error.__traceback__
    while tb:
        frame = tb.tb_frame
        print(frame.f_code.co_name, tb.tb_lineno, frame.f_lineno, "local" in frame.f_locals, frame.f_back is not None if frame.f_code.co_name != "<module>" else "")
        tb = tb.tb_next
    print(sys.exc_info()[0], sys.exc_info()[1] is error, sys.exception() is error)
print(sys.exc_info(), sys.exception())


def current():
    return sys._getframe().f_code.co_name, sys._getframe(1).f_code.co_name, sys._getframe().f_lineno


def caller():
    return current()


print(caller())
try:
    try:
        inner()
    except ValueError as e:
        saved = e
    raise KeyError("second") from saved
except KeyError as e:
    print(repr(e.__cause__), e.__cause__.__traceback__.tb_lineno, e.__traceback__.tb_lineno)


def hook(kind, value, tb):
    print("hook:", kind.__name__, value, tb.tb_lineno)


sys.excepthook = hook
raise RuntimeError("to the hook")
