// `pyodide.http`: pyfetch, open_url and pyxhr. Asked of the real Pyodide and of ours as bridge.cases.mjs is; http.json holds the real
// one's answers. A server of the test answers fetch(); XMLHttpRequest, which Node has none of, is one that tells what it was asked.
import http from "node:http";

export async function setUp() {
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const [path] = request.url.split("?");
      const status = { "/missing": 404, "/broken": 503, "/moved": 302 }[path] ?? 200;
      response.writeHead(status, { "Content-Type": "text/plain", "X-Mine": "yes", Connection: "close", ...(status === 302 && { Location: "/text" }) });
      if (path === "/slow") return void setTimeout(() => response.end("late"), 3000).unref();
      if (path === "/json") return response.end('{"a": [1, 2.5, null]}');
      if (path === "/echo") return response.end(JSON.stringify({ method: request.method, url: request.url, mine: request.headers["x-mine"], type: request.headers["content-type"], body: Buffer.concat(parts).toString("latin1") }));
      response.end("héllo");
    });
  });
  await new Promise((resolve) => server.listen(0, resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  globalThis.base = base;
  globalThis.XMLHttpRequest = class {
    headers = {};
    open(method, url, later) { Object.assign(this, { method, url, later, responseURL: url }); }
    setRequestHeader(name, value) { this.headers[name] = value; }
    getAllResponseHeaders() { return "Content-Type: text/plain\r\nX-Two: a: b\r\n"; }
    overrideMimeType() {}
    send(body) {
      if (this.url.includes("/none")) throw Object.assign(new Error("no way"), { name: "NetworkError" });
      if (this.url.includes("/odd")) throw new TypeError("odd");
      this.status = this.url.includes("/missing") ? 404 : 200;
      this.statusText = this.status === 404 ? "Not Found" : "OK";
      const shown = body === undefined ? "none" : typeof body === "string" ? body : (body?.constructor?.name ?? String(body));
      this.responseText = this.url.includes("/text") ? "héllo" : JSON.stringify({ method: this.method, url: this.url, later: this.later, headers: this.headers, body: shown });
      this.response = this.url.includes("/bytes") ? new Uint8Array([104, 105]) : "";
    }
  };
  return { base, end: () => (server.closeAllConnections(), server.close()) };
}

export const python = [
  "import js, asyncio\nfrom pyodide.http import *\nfrom pyodide.http import pyxhr, AbortError, BodyUsedError, HttpStatusError, FetchResponse\nfrom pyodide.ffi import *\nbase = js.base",
  "r = pyxhr.get(base + '/a')\n[r.status_code, r.ok, r.url, r.json(), r.text == r.content.decode()]",
  "r.headers",
  "pyxhr.get(base + '/text').text, pyxhr.get(base + '/text').content, pyxhr.get(base + '/bytes').content",
  "pyxhr.get(base + '/a', params={'q': 'a b', 'n': 1}).json()['url']",
  "pyxhr.get(base + '/a?x=1', params={'q': 'é'}).json()['url']",
  "pyxhr.get(base + '/a', headers={'X-One': 1}).json()['headers']",
  "pyxhr.post(base + '/a', json={'k': [1, None]}).json()",
  "pyxhr.post(base + '/a', data='text', headers={'Content-Type': 'text/x'}).json()",
  "pyxhr.put(base + '/a', auth=('user', 'pässword')).json()['headers']",
  "pyxhr.delete(base + '/a', auth=['u', 'p']).json()",
  "[f(base + '/a').json()['method'] for f in (pyxhr.get, pyxhr.post, pyxhr.put, pyxhr.delete, pyxhr.head, pyxhr.patch, pyxhr.options)]",
  "r = pyxhr.get(base + '/missing')\n[r.status_code, r.ok]",
  "try:\n  r.raise_for_status()\nexcept HttpStatusError as e:\n  x = [e.status, e.status_text, e.url, str(e)]\nx",
  "pyxhr.get(base + '/a').raise_for_status()",
  "try:\n  pyxhr.get(base + '/none')\nexcept pyxhr.XHRNetworkError as e:\n  x = [str(e), type(e.__cause__).__name__, isinstance(e, OSError)]\nx",
  "try:\n  pyxhr.get(base + '/odd')\nexcept pyxhr.XHRError as e:\n  x = [type(e).__name__, str(e)]\nx",
  "pyxhr.get(base + '/text', unknown=3).status_code",
  "str(HttpStatusError(404, 'Not Found', 'u')), str(HttpStatusError(500, 'E', 'u')), str(HttpStatusError(200, 'OK', 'u'))",
  "import pickle\ne = pickle.loads(pickle.dumps(HttpStatusError(404, 'Not Found', 'u')))\n[e.status, e.args]",
  "str(BodyUsedError()), [issubclass(c, OSError) for c in (AbortError, BodyUsedError, HttpStatusError)]",
  "str(AbortError(JsException('AbortError', 'why')))",
];

export const asynchronous = [
  "r = await pyfetch(base + '/text')\n[type(r).__name__, r.status, r.status_text, r.ok, r.type, r.url, r.redirected, r.body_used]",
  "await r.text()",
  "[r.body_used]",
  "try:\n  await r.text()\nexcept BodyUsedError as e:\n  x = str(e)\nx",
  "try:\n  r.clone()\nexcept BodyUsedError as e:\n  x = str(e)\nx",
  "r = await pyfetch(base + '/text')\nc = r.clone()\n[await r.text(), await c.string(), type(c).__name__]",
  "r.headers['x-mine'], r.headers['content-type'], type(r.headers).__name__",
  "await (await pyfetch(base + '/json')).json()",
  "await (await pyfetch(base + '/json')).json(parse_float=str)",
  "await (await pyfetch(base + '/text')).bytes()",
  "m = await (await pyfetch(base + '/text')).memoryview()\n[type(m).__name__, m.nbytes, bytes(m)]",
  "b = await (await pyfetch(base + '/text')).buffer()\n[b.byteLength, isinstance(b, JsBuffer)]",
  "r = await pyfetch(base + '/moved')\n[r.redirected, r.url, r.status]",
  "r = await pyfetch(base + '/missing')\n[r.ok, r.status, r.status_text]",
  "try:\n  r.raise_for_status()\nexcept HttpStatusError as e:\n  x = [str(e), e.status]\nx",
  "(await pyfetch(base + '/text')).raise_for_status()",
  "await (await pyfetch(base + '/echo', method='POST', body='héy', headers={'X-Mine': 'a', 'Content-Type': 'text/y'})).json()",
  "from pyodide.ffi import to_js\nawait (await pyfetch(base + '/echo?q=1', method='PUT', body=to_js(b'raw'))).json()",
  "await (await pyfetch(js.Request.new(base + '/echo'))).json()",
  "await (await pyfetch(js.Request.new(base + '/echo'), method='DELETE')).json()",
  "try:\n  await pyfetch('http://127.0.0.1:1/')\nexcept OSError as e:\n  x = [type(e).__name__, str(e)]\nx",
  "try:\n  await pyfetch('not a url')\nexcept BaseException as e:\n  x = [type(e).__name__]\nx",
  "controller = js.AbortController.new()\ncontroller.abort()\ntry:\n  await pyfetch(base + '/text', signal=controller.signal)\nexcept BaseException as e:\n  x = [type(e).__name__, str(e)]\nx",
  "r = await pyfetch(base + '/slow')\nr.abort('enough')\ntry:\n  await r.text()\nexcept AbortError as e:\n  x = [type(e).__name__, str(e)]\nx",
  "r = await pyfetch(base + '/slow')\nr.abort()\ntry:\n  await r.bytes()\nexcept AbortError as e:\n  x = [type(e).__name__, str(e)]\nx",
  "r = FetchResponse(base + '/x', js.Response.new('made', status=201))\n[r.status, await r.text(), r.url]",
  "try:\n  r.abort()\nexcept ValueError as e:\n  x = str(e)\nx",
  "async def mine(request, options):\n  return js.Response.new(request.url + ' ' + options.method)\nawait (await pyfetch(base + '/q', fetcher=mine, method='POST')).text()",
  "import io, zipfile, os, tempfile\nbuffer = io.BytesIO()\nwith zipfile.ZipFile(buffer, 'w') as z:\n  z.writestr('in/a.txt', 'content')\nfolder = tempfile.mkdtemp()\nr = FetchResponse(base + '/x.zip', js.Response.new(to_js(buffer.getvalue())))\nawait r.unpack_archive(extract_dir=folder)\nopen(folder + '/in/a.txt').read()",
  "r = FetchResponse(base + '/x', js.Response.new(to_js(buffer.getvalue())))\nfolder = tempfile.mkdtemp()\nawait r.unpack_archive(extract_dir=folder, format='zip')\nos.listdir(folder)",
  "r = FetchResponse(base + '/x.odd', js.Response.new('x'))\ntry:\n  await r.unpack_archive()\nexcept Exception as e:\n  x = type(e).__name__\nx",
  "r = FetchResponse(base + '/x', js.Response.new('x'))\ntry:\n  await r.unpack_archive(format='odd')\nexcept Exception as e:\n  x = type(e).__name__\nx",
  "out = await asyncio.gather(*[pyfetch(base + '/echo?n=%d' % n) for n in range(5)])\n[(await r.json())['url'] for r in out]",
];

export const javascript = [];
