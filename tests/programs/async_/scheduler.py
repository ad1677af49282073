# A tiny event loop written by hand, as lessons about async do.
class Sleep:
    def __init__(self, ticks):
        self.ticks = ticks

    def __await__(self):
        yield self.ticks


log = []


async def worker(name, ticks, times):
    for i in range(times):
        log.append(f"{name}{i}")
        await Sleep(ticks)
    return f"{name} finished"


def run(*coros):
    clock, results = 0, {}
    queue = [(0, i, c) for i, c in enumerate(coros)]
    while queue:
        queue.sort(key=lambda item: item[:2])
        clock, i, coro = queue.pop(0)
        try:
            delay = coro.send(None)
            queue.append((clock + delay, i, coro))
        except StopIteration as stop:
            results[i] = stop.value
    return clock, results


print(run(worker("a", 3, 2), worker("b", 1, 4), worker("c", 2, 3)))
print(log)


async def nested(depth):
    if depth == 0:
        await Sleep(1)
        return 0
    return 1 + await nested(depth - 1)


print(run(nested(50), nested(3)))


class Future:
    def __init__(self):
        self.done, self.value = False, None

    def __await__(self):
        while not self.done:
            yield 1
        return self.value


async def producer(f):
    await Sleep(5)
    f.done, f.value = True, "ready"


async def consumer(f):
    return await f


f = Future()
print(run(producer(f), consumer(f)))
