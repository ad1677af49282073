async def f(a):
    x = await a
    async for i in a:
        if i: break
        await i
    else:
        print(x)
    async with a as b, c:
        return b
    y = [j async for j in a if await j]
    z = (await j for j in a)
    async def inner():
        yield 1
    return [await k for k in a]
