# oracle: native
# An interrupt ends a loop that rests, at once: the signal's handler wakes it.
import asyncio
import os
import signal
import threading
import time


async def main():
    try:
        await asyncio.sleep(30)
    finally:
        print('finally')


start = time.monotonic()
threading.Timer(0.2, os.kill, [os.getpid(), signal.SIGINT]).start()
try:
    asyncio.run(main())
except KeyboardInterrupt:
    print('KeyboardInterrupt')
print(time.monotonic() - start < 15)

# What waits for a lock or a queue with a time limit goes on waiting when a handler has run.
seen = []
signal.signal(signal.SIGTERM, lambda number, frame: seen.append(number))
lock = threading.Lock()
lock.acquire()
threading.Timer(0.1, os.kill, [os.getpid(), signal.SIGTERM]).start()
threading.Timer(0.3, lock.release).start()
print(lock.acquire(timeout=10), len(seen))
