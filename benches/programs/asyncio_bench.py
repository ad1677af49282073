# oracle: native
import asyncio

async def producer(q, n):
    for i in range(n):
        await q.put(i)
    await q.put(None)

async def consumer(q, out):
    total = 0
    while True:
        v = await q.get()
        if v is None:
            break
        total += v
    out.append(total)

async def leaf(i):
    return i * 2

async def worker(i):
    s = 0
    for k in range(20):
        s += await leaf(k + i)
        if k % 5 == 0:
            await asyncio.sleep(0)
    return s

async def main():
    out = []
    for _ in range(6):
        q = asyncio.Queue(maxsize=4)
        await asyncio.gather(producer(q, 12000), consumer(q, out))
    r = await asyncio.gather(*[worker(i) for i in range(3000)])
    return sum(out) + sum(r)

async def top():
    print("asyncio", await main())

asyncio.run(top())
