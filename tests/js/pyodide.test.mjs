// pyodide.mjs under Node: what embedders of Pyodide use.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { loadPyodide, version } from "../../pkg/pyodide.mjs";

describe("pyodide.mjs", () => {
  let pyodide;
  before(async () => {
    pyodide = await loadPyodide();
    pyodide.setStderr({ batched() {} });
  });

  test("runPython answers the last expression's value", () => {
    assert.equal(typeof version, "string");
    assert.equal(pyodide.version, version);
    assert.equal(pyodide.runPython("1 + 2"), 3);
    assert.equal(pyodide.runPython("x = 1"), undefined);
    assert.equal(pyodide.runPython("None"), undefined);
    assert.equal(pyodide.runPython("'a' * 3"), "aaa");
    assert.equal(pyodide.runPython("2 ** 100"), 2n ** 100n);
    assert.equal(pyodide.runPython("True"), true);
  });

  test("runPythonAsync waits", async () => {
    const start = performance.now();
    assert.equal(await pyodide.runPythonAsync("import time\ntime.sleep(0.05)\n42"), 42);
    assert.ok(performance.now() - start >= 49);
  });

  test("PythonError has the type and the traceback", async () => {
    const failure = (error) => {
      assert.ok(error instanceof pyodide.ffi.PythonError);
      assert.equal(error.name, "PythonError");
      assert.equal(error.type, "ZeroDivisionError");
      assert.match(error.message, /^Traceback \(most recent call last\):\n(.|\n)*File "<exec>", line 1, in <module>\n(.|\n)*ZeroDivisionError: division by zero\n$/);
      return true;
    };
    assert.throws(() => pyodide.runPython("1/0"), failure);
    await assert.rejects(pyodide.runPythonAsync("1/0"), failure);
    assert.throws(() => pyodide.runPython("1 +"), (error) => error.type === "SyntaxError");
  });

  test("globals", () => {
    pyodide.globals.set("a", 5);
    assert.equal(pyodide.runPython("a * 2"), 10);
    pyodide.runPython("b = 'text'");
    assert.equal(pyodide.globals.get("b"), "text");
    assert.equal(pyodide.globals.has("b"), true);
    pyodide.globals.delete("b");
    assert.equal(pyodide.globals.has("b"), false);
    assert.equal(pyodide.globals.get("b"), undefined);
  });

  test("streams", () => {
    const lines = [];
    pyodide.setStdout({ batched: (line) => lines.push(line) });
    pyodide.runPython("print('a\\nb', end='')\nprint('c')");
    assert.deepEqual(lines, ["a", "bc"]);
    const bytes = [];
    pyodide.setStdout({ raw: (byte) => bytes.push(byte) });
    pyodide.runPython("print('é')");
    assert.deepEqual(bytes, [0xc3, 0xa9, 10]);
    let text = "";
    pyodide.setStdout({ write: (buffer) => ((text += new TextDecoder().decode(buffer)), buffer.length) });
    pyodide.runPython("print('w')");
    assert.equal(text, "w\n");
    const answers = ["first\nsecond", "third"];
    pyodide.setStdin({ stdin: () => answers.shift() });
    assert.deepEqual(pyodide.runPython("[input(), input(), input()]").toJs(), ["first", "second", "third"]);
    assert.throws(() => pyodide.runPython("input()"), (error) => error.type === "EOFError");
    pyodide.setStdout();
  });

  test("proxies", () => {
    const list = pyodide.runPython("[1, [2, 3], {'k': 4}]");
    assert.ok(list instanceof pyodide.ffi.PyProxy);
    assert.equal(list.type, "list");
    assert.equal(list.length, 3);
    assert.equal(list.toString(), "[1, [2, 3], {'k': 4}]");
    assert.deepEqual(list.toJs(), [1, [2, 3], { k: 4 }]);
    assert.equal(list.get(0), 1);
    assert.deepEqual([...pyodide.runPython("(1, 2)")], [1, 2]);
    const f = pyodide.runPython("def f(a, b=1): return a * 10 + b\nf");
    assert.equal(f(2), 21);
    assert.equal(f(2, 3), 23);
    assert.equal(f.callKwargs(2, { b: 5 }), 25);
    assert.equal(f.__name__, "f");
    pyodide.globals.set("same", list);
    assert.equal(pyodide.runPython("same[0]"), 1);
    const copy = list.copy();
    list.destroy();
    assert.throws(() => list.toString(), /destroyed/);
    assert.equal(copy.length, 3);
    copy.destroy();
    assert.equal(pyodide.toPy({ a: [1] }).toString(), "{'a': [1]}");
    assert.throws(() => f(), (error) => error.type === "TypeError");
  });

  test("interrupts", () => {
    const buffer = new Uint8Array(new SharedArrayBuffer(1));
    pyodide.setInterruptBuffer(buffer);
    buffer[0] = 2;
    assert.throws(() => pyodide.runPython("while True: pass"), (error) => error.type === "KeyboardInterrupt");
    assert.equal(buffer[0], 0);
    buffer[0] = 2;
    assert.throws(() => pyodide.checkInterrupt(), (error) => error.type === "KeyboardInterrupt");
    pyodide.setInterruptBuffer(undefined);
  });

  test("files", () => {
    pyodide.FS.writeFile("hello.txt", "content");
    assert.equal(pyodide.runPython("open('hello.txt').read()"), "content");
    assert.equal(pyodide.FS.readFile("hello.txt", { encoding: "utf8" }), "content");
    assert.deepEqual(pyodide.FS.readFile("hello.txt"), new TextEncoder().encode("content"));
  });
});
