# needs: httpx==0.28.1 httpcore==1.0.9 h11==0.16.0 anyio==4.16.0 idna==3.20 certifi==2026.10.18 sniffio==1.3.1 typing-extensions==4.16.0
import httpx


def answer(request):
    if request.url.path == '/missing':
        return httpx.Response(404, text='nothing')
    if request.url.path == '/redirect':
        return httpx.Response(302, headers={'Location': '/target'})
    return httpx.Response(200, json={'method': request.method, 'url': str(request.url), 'body': request.content.decode(), 'agent': request.headers['user-agent'].split('/')[0]})


with httpx.Client(transport=httpx.MockTransport(answer), base_url='https://example.org', params={'k': 'v'}) as client:
    r = client.get('/path', params={'q': 'a b'})
    print(r, r.json(), r.headers['content-type'], r.is_success)
    print(client.post('/p', json={'a': [1, None]}).json(), client.post('/p', data={'x': 'ü'}).json())
    r = client.get('/redirect', follow_redirects=True)
    print(r.url, r.history)
    try:
        client.get('/missing').raise_for_status()
    except httpx.HTTPStatusError as error:
        print(error)


async def main():
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        results = [await client.get(f'http://x/{i}') for i in range(3)]
        print([r.json()['url'] for r in results])
        async with client.stream('GET', 'http://x/s') as response:
            print(len(b''.join([chunk async for chunk in response.aiter_bytes()])))


# Without an event loop, which the oracle has not: nothing here waits.
try:
    main().send(None)
except StopIteration:
    print('ended')
url = httpx.URL('https://user:pass@exämple.org:8080/a/b?x=1#f')
print(url, url.host, url.port, url.raw_path, url.copy_with(path='/c'), url.join('../d'))
print(httpx.Headers([('A', '1'), ('a', '2')]), httpx.QueryParams('a=1&a=2').get_list('a'), httpx.codes.NOT_FOUND, httpx.Timeout(5.0))
for bad in ('http://[::1', 'http://x:port/', 'x' * 70000):
    try:
        print(httpx.URL(bad))
    except httpx.InvalidURL as error:
        print(error)
