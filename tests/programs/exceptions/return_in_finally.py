# A SyntaxWarning at compile time, once for each place.
def f():
    try:
        return "try"
    finally:
        return "finally"


def g():
    for i in range(3):
        try:
            1 / 0
        finally:
            break
    return i


print(f(), g())
