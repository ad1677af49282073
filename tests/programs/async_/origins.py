# Coroutines can record where they were made; a frame that is cleared ends its coroutine.
import sys
import warnings

warnings.simplefilter("always")


async def coroutine():
    pass


def outer():
    return inner()


def inner():
    return coroutine()


print(sys.get_coroutine_origin_tracking_depth())
for depth in (0, 1, 2):
    sys.set_coroutine_origin_tracking_depth(depth)
    made = outer()
    origin = made.cr_origin
    print(origin and [entry[1:] for entry in origin])
    made.close()
sys.set_coroutine_origin_tracking_depth(2)
try:
    sys.set_coroutine_origin_tracking_depth(-1)
except ValueError as error:
    print(error)
with warnings.catch_warnings(record=True) as caught:
    outer()
for line in str(caught[0].message).splitlines():
    print(line if "File" not in line else "File" + line[line.index(", line"):])
sys.set_coroutine_origin_tracking_depth(0)
with warnings.catch_warnings(record=True) as caught:
    made = coroutine()
    made.cr_frame.clear()
    print(len(caught), caught[0].message)
    made.close()


def generator():
    yield 1


waiting = generator()
waiting.gi_frame.clear()
print(list(waiting))
