import sys
import warnings


async def forgotten():
    return 1


def show(message, category, filename, lineno, file=None, line=None):
    print(category.__name__, message)


warnings.showwarning = show
forgotten()
x = forgotten()
del x
print("end")
