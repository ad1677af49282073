# oracle: native
# Threads: results that don't depend on the order of switching.
import _thread
import time

lock = _thread.allocate_lock()
done = []
total = 0


def work(name, n):
    global total
    for i in range(n):
        with lock:
            total += 1
    done.append(name)


for name in "abc":
    _thread.start_new_thread(work, (name, 200))
while len(done) < 3:
    time.sleep(0.001)
print(sorted(done), total)
print(lock.locked(), lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(timeout=0.01))
lock.release()
try:
    lock.release()
except RuntimeError as error:
    print(error)
results = {}


def store(key, *, value):
    results[key] = value


_thread.start_new_thread(store, ("k",), {"value": 5})
while not results:
    time.sleep(0.001)
print(results, isinstance(_thread.get_ident(), int))
gate = _thread.allocate_lock()
gate.acquire()
order = []


def waiter(n):
    gate.acquire()
    order.append(n)
    gate.release()


for n in range(3):
    _thread.start_new_thread(waiter, (n,))
time.sleep(0.01)
print(order)
gate.release()
while len(order) < 3:
    time.sleep(0.001)
print(sorted(order))
for bad in (lambda: _thread.start_new_thread(5, ()), lambda: _thread.start_new_thread(work, 5), lambda: _thread.start_new_thread(work), lambda: lock.acquire(timeout=-5)):
    try:
        bad()
    except (TypeError, ValueError) as error:
        print(type(error).__name__)


def spin():
    while not stop:
        pass
    finished.append(1)


stop, finished = False, []
_thread.start_new_thread(spin, ())
time.sleep(0.005)
stop = True
while not finished:
    time.sleep(0.001)
print("spinner stopped")
rlock = _thread.RLock()
with rlock:
    with rlock:
        print("reentered")


def exits():
    finished.append(2)
    _thread.exit()
    finished.append(3)


_thread.start_new_thread(exits, ())
while len(finished) < 2:
    time.sleep(0.001)
time.sleep(0.002)
print(finished)
