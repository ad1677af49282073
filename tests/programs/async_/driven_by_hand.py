class Wait:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got


async def add(a, b):
    x = await Wait(a)
    y = await Wait(b)
    return x + y


async def main():
    print("main starts")
    total = await add("need-a", "need-b")
    print("total", total)
    try:
        await failing()
    except ValueError as error:
        print("caught", error)
    async with Manager() as m:
        print("in", m)
    result = [x async for x in agen(3)]
    print(result)
    async for x in agen(5):
        if x == 2:
            break
    else:
        print("never")
    print([await Wait(i) for i in range(2)], {i: j async for i, j in pairs()})
    return "done"


async def failing():
    await Wait("before failure")
    raise ValueError("async problem")


class Manager:
    async def __aenter__(self):
        await Wait("entering")
        return "manager"

    async def __aexit__(self, *args):
        await Wait("exiting")
        print("aexit", args)


async def agen(n):
    for i in range(n):
        await Wait(("tick", i))
        yield i


async def pairs():
    yield 1, "a"
    yield 2, "b"


def drive(coro):
    value = None
    while True:
        try:
            request = coro.send(value)
        except StopIteration as stop:
            return stop.value
        print("request", request)
        value = len(str(request))


print(drive(main()))
c = add(1, 2)
print(type(c).__name__, c.send(None), c.__name__, c.cr_running)
try:
    c.throw(KeyError("into coroutine"))
except KeyError as error:
    print("thrown", error)
c = add(1, 2)
c.close()
try:
    c.send(None)
except RuntimeError as error:
    print(error)
c = add(3, 4)
for bad in (lambda: c.send(5), lambda: iter(c), lambda: next(c)):
    try:
        bad()
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)


async def bad_await():
    await 5


async def bad_for():
    async for x in [1]:
        pass


async def bad_with():
    async with 5:
        pass


for bad in (bad_await, bad_for, bad_with):
    try:
        drive(bad())
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)
c.close()


class AIter:
    def __init__(self, n): self.n = n
    def __aiter__(self): return self
    async def __anext__(self):
        if not self.n:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


async def use():
    return [x async for x in AIter(3)], [y async for y in agen(2) if y], await anext(AIter(1)), await anext(AIter(0), "default")


print(drive(use()))


async def agen_protocol():
    g = agen(2)
    first = await g.asend(None)
    try:
        await g.athrow(ValueError("x"))
    except ValueError as e:
        print("athrow", e)
    h = agen(2)
    await anext(h)
    await h.aclose()
    return first, [x async for x in h]


print(drive(agen_protocol()))
import inspect
print(inspect.iscoroutinefunction(main) if hasattr(inspect, "iscoroutinefunction") else True)
