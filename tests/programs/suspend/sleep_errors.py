import time

for bad in (-1, "1", None, float("nan"), []):
    try:
        time.sleep(bad)
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
time.sleep(0)
time.sleep(True and 0.001)


class Half:
    def __index__(self):
        return 0


print(time.sleep(Half()))
