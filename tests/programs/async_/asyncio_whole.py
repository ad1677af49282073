# oracle: native
# asyncio: run, tasks, gather, timeouts, queues, locks, threads, streams; cancellation.
import asyncio
import contextlib


async def work(name, delay):
    await asyncio.sleep(delay)
    print('done', name)
    return name


async def failing():
    await asyncio.sleep(0)
    raise ValueError('failed')


async def groups():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(failing())
            group.create_task(work('never', 10))
    except* ValueError as error:
        print(error.exceptions)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work(n, 0.01 * n)) for n in range(3)]
    print([task.result() for task in tasks])


async def cancelling():
    async def patient():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            print('cancelled')
            raise
    task = asyncio.create_task(patient())
    await asyncio.sleep(0)
    task.cancel('why')
    try:
        await task
    except asyncio.CancelledError as error:
        print('outside', task.cancelled())
    shielded = asyncio.create_task(work('shielded', 0.01))
    try:
        await asyncio.wait_for(asyncio.shield(shielded), 0.001)
    except TimeoutError:
        print('timeout', shielded.done())
    print(await shielded)


async def synchronising():
    lock, order = asyncio.Lock(), []
    async def locked(n):
        async with lock:
            order.append(n)
            await asyncio.sleep(0)
            order.append(n)
    await asyncio.gather(*map(locked, range(3)))
    print(order)
    event = asyncio.Event()
    waiter = asyncio.create_task(event.wait())
    await asyncio.sleep(0)
    event.set()
    print(await waiter)
    condition = asyncio.Condition()
    async def notify():
        async with condition:
            condition.notify_all()
    async with condition:
        asyncio.create_task(notify())
        print(await condition.wait())
    semaphore = asyncio.Semaphore(2)
    running = most = 0
    async def limited():
        nonlocal running, most
        async with semaphore:
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1
    await asyncio.gather(*(limited() for _ in range(6)))
    print(most)
    barrier = asyncio.Barrier(3)
    print(sorted(await asyncio.gather(*(barrier.wait() for _ in range(3)))))


async def queues():
    queue = asyncio.Queue(2)
    async def produce():
        for n in range(5):
            await queue.put(n)
        await queue.put(None)
    producer = asyncio.create_task(produce())
    while (item := await queue.get()) is not None:
        print('got', item)
        queue.task_done()
    await producer
    priority = asyncio.PriorityQueue()
    for n in 3, 1, 2:
        priority.put_nowait(n)
    print([priority.get_nowait() for _ in range(3)])
    with contextlib.suppress(asyncio.QueueEmpty):
        priority.get_nowait()


async def streams():
    async def echo(reader, writer):
        while line := await reader.readline():
            writer.write(line.upper())
            await writer.drain()
        writer.close()
    server = await asyncio.start_server(echo, '127.0.0.1', 0)
    port = server.sockets[0].getsockname()[1]
    async def client(n):
        reader, writer = await asyncio.open_connection('127.0.0.1', port)
        writer.write(b'line %d\n' % n)
        answer = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return answer
    answers = await asyncio.gather(*map(client, range(20)))
    print(answers == [b'LINE %d\n' % n for n in range(20)])
    server.close()
    await server.wait_closed()


async def main():
    print(await asyncio.gather(work(1, 0.02), work(2, 0.01), work(3, 0.03)))
    print(await asyncio.gather(failing(), work(4, 0), return_exceptions=True))
    await groups()
    await cancelling()
    await synchronising()
    await queues()
    await streams()
    print(await asyncio.to_thread(sum, range(10)))
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(None, lambda: 'executor'))
    loop.call_later(0.01, print, 'later')
    loop.call_soon(print, 'soon')
    await asyncio.sleep(0.02)
    future = loop.create_future()
    loop.call_soon(future.set_result, 7)
    print(await future)
    done, pending = await asyncio.wait(
        [asyncio.create_task(work('a', 0)), asyncio.create_task(work('b', 5))], return_when=asyncio.FIRST_COMPLETED)
    print(len(done), len(pending))
    for task in asyncio.as_completed([work('x', 0.02), work('y', 0.01)]):
        print(await task)
    async def numbers():
        for n in range(3):
            yield n
            await asyncio.sleep(0)
    print([n async for n in numbers()])
    return 'end'


print(asyncio.run(main()))
with asyncio.Runner() as runner:
    print(runner.run(work('runner', 0)))
try:
    asyncio.run(failing())
except ValueError as error:
    print(error)
