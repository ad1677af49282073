# oracle: native
# A bounded buffer between threads, with plain locks.
import _thread
import time

buffer = []
lock = _thread.allocate_lock()
received = []
finished = _thread.allocate_lock()
finished.acquire()


def producer(n):
    for i in range(n):
        while True:
            with lock:
                if len(buffer) < 3:
                    buffer.append(i)
                    break
            time.sleep(0.0001)
    with lock:
        buffer.append(None)


def consumer():
    while True:
        with lock:
            item = buffer.pop(0) if buffer else ...
        if item is ...:
            time.sleep(0.0001)
            continue
        if item is None:
            break
        received.append(item)
    finished.release()


_thread.start_new_thread(consumer, ())
_thread.start_new_thread(producer, (50,))
finished.acquire()
print(received == list(range(50)), len(buffer))


def slow_sort(n, out):
    time.sleep(n / 200)
    out.append(n)


out = []
for n in (3, 1, 2):
    _thread.start_new_thread(slow_sort, (n, out))
while len(out) < 3:
    time.sleep(0.001)
print(out)


def generator_in_thread(out):
    def gen():
        for i in range(3):
            time.sleep(0.0001)
            yield i
    out.extend(gen())
    try:
        {}["missing"]
    except KeyError as error:
        out.append(str(error))


out = []
_thread.start_new_thread(generator_in_thread, (out,))
while len(out) < 4:
    time.sleep(0.001)
print(out)

