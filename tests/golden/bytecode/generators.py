def count(n):
    i = 0
    while i < n:
        got = yield i
        i += got or 1
    return i


def chain(*parts):
    for part in parts:
        yield from part


async def main(source):
    async with source as s:
        async for item in s:
            await item
    return [x async for x in s if x]


squares = (x * x for x in range(3))
