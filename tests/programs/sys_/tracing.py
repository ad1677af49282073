import sys
def tr(f,e,a):
    print(f.f_code.co_name, e, f.f_lineno-f.f_code.co_firstlineno, a if e in('return',) else (a[0] if a else a))
    return tr
def g(n):
    for i in range(n):
        x = yield i
    return 5
def f(a):
    x = 1
    if a:
        x += 2
    for i in g(2):
        x += i
    try:
        1/0
    except ZeroDivisionError:
        x = 5
    finally:
        y = 3
    return x
sys.settrace(tr)
f(1)
def h():
    raise KeyError(1)
try: h()
except KeyError: pass
l=[i for i in range(2)]
class C:
    a = 1
    def m(self): return 3
C().m()
sys.settrace(None)
def pr(f,e,a): print('P',f.f_code.co_name,e,a)
sys.setprofile(pr)
len([])
f(0)

sys.setprofile(None)


def jumper(frame, event, arg):
    if event == "line" and frame.f_lineno == frame.f_code.co_firstlineno + 2:
        frame.f_lineno += 1
    return jumper


def jumped():
    print("one")
    print("two")
    print("three")


def refused(frame, event, arg):
    first = frame.f_code.co_firstlineno
    if event == "line" and frame.f_code.co_name == "loops" and frame.f_lineno == first + 1:
        for line in (-100, 1000, first + 3):
            try:
                frame.f_lineno = line
            except ValueError as error:
                print(error)
    return refused


def loops():
    a = 1
    for i in range(2):
        a += i
    return a


sys.settrace(jumper)
jumped()
sys.settrace(refused)
loops()
sys.settrace(None)
print(sys.gettrace())


def opcodes(frame, event, arg):
    frame.f_trace_opcodes = True
    return opcodes


sys.settrace(opcodes)
jumped()
sys.settrace(None)
