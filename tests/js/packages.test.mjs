// micropip and loadPackage: wheels from addresses, metadata, what cannot be installed.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { loadPyodide } from "../../pkg/pyodide.mjs";
import { wheels } from "./wheel.mjs";

describe("packages", () => {
  let pyodide, server, base;
  before(async () => {
    pyodide = await loadPyodide({ stderr() {} });
    server = http.createServer((request, response) => {
      const wheel = wheels[request.url.slice(1)];
      response.writeHead(wheel ? 200 : 404);
      response.end(wheel);
    });
    await new Promise((resolve) => server.listen(0, resolve));
    base = `http://localhost:${server.address().port}`;
    pyodide.globals.set("base", base);
  });
  after(() => server.close());

  test("micropip installs wheels", async () => {
    await pyodide.runPythonAsync("import micropip\nawait micropip.install([base + '/tiny_helper-0.1-py3-none-any.whl', base + '/tiny-1.2-py3-none-any.whl'])");
    assert.equal(pyodide.runPython("import tiny\ntiny.answer"), 21);
    assert.equal(pyodide.runPython("from importlib.metadata import version\nversion('tiny')"), "1.2");
    assert.deepEqual(pyodide.runPython("[micropip.list()['tiny'].version, micropip.list()['tiny'].name]").toJs(), ["1.2", "tiny"]);
    assert.ok(JSON.parse(pyodide.runPython("micropip.freeze()")).packages["tiny-helper"]);
    pyodide.runPython("micropip.uninstall('tiny')");
    assert.equal(pyodide.runPython("'tiny' in micropip.list()"), false);
  });

  test("loadPackage takes addresses of wheels", async () => {
    const other = await loadPyodide({ packages: [`${base}/tiny_helper-0.1-py3-none-any.whl`] });
    assert.equal(other.runPython("from tiny_helper import help_me\nhelp_me(1)"), 2);
    await other.loadPackage("micropip");
    await assert.rejects(other.loadPackage("numpy"), /No known package with name 'numpy'/);
  });

  test("loadPackage: what it tells, its forms, and what imports need", async () => {
    const other = await loadPyodide({ stderr() {} });
    const told = [];
    const messageCallback = (text) => told.push(text);
    const address = `${base}/tiny_helper-0.1-py3-none-any.whl`;
    const loaded = await other.loadPackage(other.toPy([address, "json"]), { messageCallback });
    assert.deepEqual(loaded, [{ name: "tiny-helper", version: "0.1", fileName: "tiny_helper-0.1-py3-none-any.whl", packageType: "package" }]);
    assert.deepEqual(told, ["Loading tiny-helper", "Loaded tiny-helper"]);
    assert.deepEqual(other.loadedPackages, { "tiny-helper": address });
    assert.deepEqual(await other.loadPackage([address]), []);
    await assert.rejects(other.loadPackage(5), /names must be a string or an array of strings, not a number/);
    // What nobody can provide is the import's own error.
    assert.deepEqual(await other.loadPackagesFromImports("import json, nothing_such\nfrom tiny_helper import help_me"), []);
    assert.deepEqual(await other.loadPackagesFromImports("import ="), []);
    // An index of one's own, instead of PyPI.
    const errors = [];
    await other.runPythonAsync("import micropip");
    other.globals.set("base", base);
    other.runPython("micropip.set_index_urls([base + '/simple'])");
    assert.deepEqual(await other.loadPackagesFromImports("import bs4", { errorCallback: (text) => errors.push(text) }), []);
    assert.match(errors[0], /^No known package with name 'beautifulsoup4'/);
    assert.throws(() => other.mountNodeFS("/host", "/tmp"), /not available/);
    await assert.rejects(other.mountNativeFS("/host", {}), /not available/);
  });

  test("what cannot be installed says why", async () => {
    const message = (code) => pyodide.runPythonAsync(code).then(() => "no error", (error) => error.message.trim().split("\n").at(-1));
    assert.match(await message("await micropip.install(base + '/nothing-1.0-py3-none-any.whl')"), /404/);
    assert.match(await message("await micropip.install(base + '/fast-1.0-cp314-cp314-win32.whl')"), /^ValueError: .*(compiled code|not compatible)/);
  });

  test("archives are unpacked", () => {
    pyodide.unpackArchive(wheels["tiny_helper-0.1-py3-none-any.whl"], "whl", { extractDir: "/home/pyodide/unpacked" });
    assert.ok(pyodide.FS.readdir("/home/pyodide/unpacked").includes("tiny_helper.py"));
  });
});
