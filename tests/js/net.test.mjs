// permissions: { net: true }: urllib and http.client through fetch(), and nothing without the permission.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { createRuntime } from "../../pkg/snakelet.mjs";

for (const worker of [false, true]) {
  describe(`the network${worker ? ", in a worker" : ""}`, () => {
    let runtime, server, base;
    before(async () => {
      runtime = await createRuntime({ worker });
      server = http.createServer((request, response) => {
        const parts = [];
        request.on("data", (part) => parts.push(part));
        request.on("end", () => {
          const [path] = request.url.split("?");
          if (path === "/missing") response.writeHead(404, { "X-Why": "not here" });
          else if (path === "/moved") response.writeHead(302, { Location: "/hello" });
          else response.writeHead(200, { "Content-Type": "text/plain; charset=utf-8" });
          if (path === "/slow") return void setTimeout(() => response.end("late"), 5000);
          response.end(path === "/echo" ? JSON.stringify({ method: request.method, query: request.url, type: request.headers["content-type"], mine: request.headers["x-mine"], body: Buffer.concat(parts).toString() }) : "héllo");
        });
      });
      await new Promise((resolve) => server.listen(0, resolve));
      // Not a name of the session's own network.
      base = `http://0.0.0.0:${server.address().port}`;
    });
    after(() => {
      runtime.dispose();
      server.closeAllConnections();
      server.close();
    });
    const run = async (code, permissions = { net: true }) => {
      const session = runtime.createSession({ permissions, stdout() {}, stderr() {} });
      await session.globals.set("base", base);
      const result = await session.run(code);
      session.dispose();
      return result;
    };
    const value = async (code) => {
      const { value: found, error } = await run(code);
      assert.equal(error, undefined);
      return found;
    };

    test("urlopen reads", async () => {
      assert.deepEqual(await value("from urllib.request import urlopen\nwith urlopen(base + '/hello') as r:\n    answer = [r.status, r.headers['content-type'], r.read().decode()]\nanswer"), [200, "text/plain; charset=utf-8", "héllo"]);
      assert.equal(await value("import urllib.request\nurllib.request.urlopen(base + '/moved').read().decode()"), "héllo");
    });

    test("methods, headers and bodies arrive", async () => {
      const code = `import json
from urllib.request import Request, urlopen
request = Request(base + '/echo?a=1', data=b'\\xc3\\xa9 body', headers={'X-Mine': 'yes', 'Content-Type': 'text/x'}, method='PUT')
json.load(urlopen(request))`;
      assert.deepEqual(await value(code), { method: "PUT", query: "/echo?a=1", type: "text/x", mine: "yes", body: "é body" });
      const client = `import http.client, json
connection = http.client.HTTPConnection(base.removeprefix('http://'))
connection.request('POST', '/echo', iter([b'in ', b'chunks']))
first = json.loads(connection.getresponse().read())['body']
connection.request('GET', '/hello')
[first, connection.getresponse().read().decode()]`;
      assert.deepEqual(await value(client), ["in chunks", "héllo"]);
    });

    test("errors are Python's", async () => {
      assert.deepEqual(await value("from urllib.request import urlopen\nfrom urllib.error import HTTPError\ntry:\n    urlopen(base + '/missing')\nexcept HTTPError as e:\n    r = [e.code, e.headers['x-why']]\nr"), [404, "not here"]);
      const { error } = await run("from urllib.request import urlopen\nurlopen('http://0.0.0.0:1/')");
      assert.equal(error.type, "URLError");
      assert.match(error.message, /http:\/\/0\.0\.0\.0:1\/ cannot be reached/);
    });

    test("other threads go on, and a stop ends the waiting", async () => {
      let begun;
      const isWaiting = new Promise((resolve) => (begun = resolve));
      const session = runtime.createSession({ permissions: { net: true }, stdout: () => begun(), stderr() {} });
      await session.globals.set("base", base);
      const done = session.run("import threading, time\nfrom urllib.request import urlopen\nticks = 0\ndef tick():\n    global ticks\n    while ticks < 5:\n        ticks += 1\n        time.sleep(0.02)\nt = threading.Thread(target=tick)\nt.start()\nprint('now')\ntry:\n    urlopen(base + '/slow')\nfinally:\n    ended = True");
      await isWaiting;
      await new Promise((resolve) => setTimeout(resolve, 300));
      const start = performance.now();
      session.stop();
      const { error } = await done;
      assert.ok(performance.now() - start < 1500);
      assert.equal(error.type, "KeyboardInterrupt");
      assert.deepEqual((await session.run("t.join()\n[ticks, ended]")).value, [5, true]);
      session.dispose();
    });

    test("not without the permission", async () => {
      const { error } = await run("from urllib.request import urlopen\nurlopen(base + '/hello')", {});
      assert.equal(error.type, "URLError");
      assert.equal((await run("from _fetch import request\nrequest('{}')", {})).error.message, "this program may not use the network");
    });
  });
}
