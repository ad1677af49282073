# needs: requests==2.34.2 urllib3==2.8.0 idna==3.20 certifi==2026.10.18 charset-normalizer==3.5.2
# The network is the loopback inside the session; in a page the outside goes through fetch.
import json
import requests
from requests.adapters import BaseAdapter
from requests.models import PreparedRequest


class Echo(BaseAdapter):
    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        import io
        response = requests.Response()
        response.status_code = 404 if 'missing' in request.url else 200
        response.reason = 'Not Found' if 'missing' in request.url else 'OK'
        response.url = request.url
        response.headers['Content-Type'] = 'application/json; charset=utf-8'
        response.encoding = 'utf-8'
        body = request.body if isinstance(request.body, (str, type(None))) else request.body.decode()
        response.raw = io.BytesIO(json.dumps({'method': request.method, 'url': request.url, 'body': body}).encode())
        response.request = request
        return response

    def close(self):
        pass


session = requests.Session()
session.mount('mock://', Echo())
r = session.get('mock://host/path', params={'q': 'a b', 'n': [1, 2]})
print(r, r.ok, r.url, r.json(), r.headers['content-type'])
print(session.post('mock://host/x', json={'a': 1}).json())
print(session.post('mock://host/x', data={'a': 'ü', 'b': 2}).json())
try:
    session.get('mock://host/missing').raise_for_status()
except requests.HTTPError as error:
    print(type(error).__name__, error)
p = PreparedRequest()
p.prepare('PUT', 'http://exämple.org/a b?x=1', headers={'X': 'y'}, data=b'123', auth=('u', 'p'))
print(p.method, p.url, dict(p.headers))
for url in ('nothing', 'ftp://x', 'http://', 'http://*bad'):
    try:
        requests.get(url)
    except requests.RequestException as error:
        print(type(error).__name__, error)
jar = requests.cookies.RequestsCookieJar()
jar.set('a', '1', domain='x.org', path='/')
print(jar.get_dict(), requests.codes.teapot, requests.utils.quote('a b'))
print(requests.utils.parse_header_links('<http://x>; rel="next"'), requests.structures.CaseInsensitiveDict(A=1)['a'])
