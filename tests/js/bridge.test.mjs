// The bridge between JavaScript and Python: every answer is what the real Pyodide answers (bridge.json); nothing grows.
import assert from "node:assert/strict";
import fs from "node:fs";
import { before, describe, test } from "node:test";
import { loadPyodide } from "../../pkg/pyodide.mjs";
import { ask } from "./bridge.ask.mjs";

describe("bridge", () => {
  let pyodide;
  before(async () => {
    pyodide = await loadPyodide({ stderr() {} });
  });

  for (const name of ["bridge", "documented", "ffi", "api", "http"]) test(`answers as Pyodide does: ${name}`, async () => {
    const expected = JSON.parse(fs.readFileSync(new URL(`${name}.json`, import.meta.url), "utf8"));
    const answers = await ask(await loadPyodide({ stderr() {} }), await import(`./${name}.cases.mjs`));
    const wrong = Object.keys(expected).filter((name) => answers[name] !== expected[name]);
    assert.deepEqual(Object.fromEntries(wrong.map((name) => [name, answers[name]])), Object.fromEntries(wrong.map((name) => [name, expected[name]])));
  });

  test("100,000 callbacks leave nothing behind", () => {
    const count = 100_000;
    pyodide.runPython("def add(x): return x + 1\nfrom pyodide.code import run_js\ncall = run_js('(f, n) => { let s = 0; for (let i = 0; i < n; i++) s = f(s); return s }')");
    pyodide.runPython("call(add, 1000)");
    const before = pyodide._memory();
    assert.equal(pyodide.runPython(`call(add, ${count})`), count);
    const add = pyodide.globals.get("add");
    let sum = 0;
    for (let i = 0; i < count; i++) sum = add(sum);
    assert.equal(sum, count);
    add.destroy();
    assert.equal(pyodide.runPython(`inc = run_js('(x) => x + 1')\ns = 0\nfor _ in range(${count}): s = inc(s)\ns`), count);
    assert.ok(pyodide._memory() - before < 100_000, `memory grew by ${pyodide._memory() - before}`);
  });

  test("a call from JavaScript while a program waits", async () => {
    pyodide.runPython("seen = []\ndef tell(x): seen.append(x)");
    const tell = pyodide.globals.get("tell");
    const run = pyodide.runPythonAsync("import time\ntime.sleep(0.1)\nlen(seen)");
    await new Promise((resolve) => setTimeout(resolve, 30));
    tell("event");
    assert.equal(await run, 1);
  });

  test("coroutines are thenable, also while Python waits for JavaScript", async () => {
    pyodide.runPython("async def twice(x): return x * 2");
    assert.equal(await pyodide.globals.get("twice")(21), 42);
    globalThis.later = async (f) => (await f(5)) + 1;
    assert.equal(await pyodide.runPythonAsync("import js\nawait js.later(twice)"), 11);
  });

  test("threads go on while one waits for a promise", async () => {
    const value = await pyodide.runPythonAsync(`
from pyodide.code import run_js
import _thread, time
done = []
def work():
    time.sleep(0.01)
    done.append(1)
_thread.start_new_thread(work, ())
await run_js("new Promise((resolve) => setTimeout(resolve, 80))")
len(done)`);
    assert.equal(value, 1);
  });

  test("runPython does not wait", () => {
    assert.throws(() => pyodide.runPython("from pyodide.ffi import run_sync\nrun_sync(run_js('new Promise(() => {})'))"), /runPythonAsync/);
  });

  test("pyfetch reads", async () => {
    globalThis.fetch = async () => new Response('{"a": [1, 2]}', { status: 200 });
    assert.equal(await pyodide.runPythonAsync("from pyodide.http import pyfetch\nr = await pyfetch('http://x/y')\n(await r.json())['a'][1]"), 2);
  });
});

describe("asyncio", () => {
  let pyodide;
  before(async () => {
    pyodide = await loadPyodide({ stderr() {} });
  });

  test("top-level await in a loop", async () => {
    assert.equal(await pyodide.runPythonAsync("import asyncio\nawait asyncio.sleep(0.01)\n5"), 5);
  });

  test("promises are awaited side by side", async () => {
    const start = performance.now();
    const value = await pyodide.runPythonAsync(`
import asyncio
from pyodide.code import run_js
later = run_js("(n) => new Promise((resolve) => setTimeout(() => resolve(n), 300))")
async def get(n): return await later(n)
sum(await asyncio.gather(get(1), get(2), get(3)))`);
    assert.equal(value, 6);
    assert.ok(performance.now() - start < 800);
  });

  test("runs go on side by side", async () => {
    const seen = [];
    const slow = pyodide.runPythonAsync("import asyncio\ngate = asyncio.Event()\nawait gate.wait()\n'opened'").then((value) => seen.push(value));
    assert.equal(await pyodide.runPythonAsync("gate.set()\n'set'"), "set");
    await slow;
    assert.deepEqual(seen, ["opened"]);
    await assert.rejects(Promise.all([pyodide.runPythonAsync("await asyncio.sleep(0.01)"), pyodide.runPythonAsync("1 / 0")]), { type: "ZeroDivisionError" });
  });

  test("what a promise's callback answers is awaited by its class", async () => {
    const code = "class Any:\n  def __getattr__(self, name): return 1\nfrom pyodide.code import run_js\ntype(await run_js('Promise.resolve(1)').then(lambda _: Any())).__name__";
    assert.equal(await pyodide.runPythonAsync(code), "Any");
  });

  test("run_sync waits, also inside of a task", async () => {
    const code = "import asyncio\nfrom pyodide.ffi import run_sync\nfrom pyodide.code import run_js\nasync def inner(n):\n  await asyncio.sleep(0.01)\n  return n\nasync def outer(): return run_sync(inner(3)) + run_sync(run_js('new Promise((done) => setTimeout(() => done(4), 5))'))\nawait asyncio.create_task(outer())";
    assert.equal(await pyodide.runPythonAsync(code), 7);
  });

  test("tasks outlive the run that made them", async () => {
    await pyodide.runPythonAsync("seen = []\nasync def work():\n  await asyncio.sleep(0.01)\n  seen.append(1)\ntask = asyncio.create_task(work())\nawait asyncio.sleep(0)");
    assert.equal(await pyodide.runPythonAsync("await asyncio.sleep(0.05)\nlen(seen)"), 1);
  });
});
