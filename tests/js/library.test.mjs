// The packed library: modules come compiled, sources when somebody wants to see them, and a page's own sources go before both.
import assert from "node:assert/strict";
import test from "node:test";

import { createRuntime } from "../../pkg/snakelet.mjs";

/** A runtime with a provider that notes what is asked for, and a session that keeps its output. */
async function observed(own = {}) {
  const asked = [];
  const runtime = await createRuntime({
    stdlib: (path) => {
      asked.push(path);
      return own[path];
    },
  });
  const output = [];
  const session = runtime.createSession({ stdout: (text) => output.push(text), stderr: (text) => output.push(text) });
  return { runtime, session, asked, text: () => output.splice(0).join("") };
}

test("an import fetches the compiled module, a traceback its source", async () => {
  const { runtime, session, text } = await observed();
  await session.run("import textwrap, os\nprint(os.path.getsize(textwrap.__file__) > 1000)");
  assert.equal(text(), "True\n");
  const result = await session.run("textwrap.shorten('word word word', 1)");
  assert.match(result.error.traceback, /raise ValueError\("placeholder too large for max width"\)/);
  assert.equal(result.error.frames.at(-1).source.trim(), 'raise ValueError("placeholder too large for max width")');
  text();
  await session.run("print(len(open(textwrap.__file__).read()) == os.path.getsize(textwrap.__file__))");
  assert.equal(text(), "True\n");
  await session.run("import inspect\nprint(inspect.getsource(textwrap.dedent).splitlines()[0])");
  assert.equal(text(), "def dedent(text):\n");
  runtime.dispose();
});

test("a source that the page provides goes before the compiled module", async () => {
  const { runtime, session, text } = await observed({ "keyword.py": "kwlist = ['mine']\n" });
  await session.run("import keyword\nprint(keyword.kwlist, open(keyword.__file__).read())");
  assert.equal(text(), "['mine'] kwlist = ['mine']\n\n");
  runtime.dispose();
});

test("a compiled module that does not fit the runtime is not run", async () => {
  const { runtime, session, text } = await observed({ "colorsys.pyc": new Uint8Array([1, 0, 0, 0, 9, 9, 9, 9, 0]) });
  await session.run("import colorsys\nprint(colorsys.rgb_to_hsv(0.5, 0.5, 0.5))");
  assert.equal(text(), "(0.0, 0.0, 0.5)\n");
  runtime.dispose();
});

test("what runs synchronously has sources too", async () => {
  const { loadPyodide } = await import("../../pkg/pyodide.mjs");
  const pyodide = await loadPyodide();
  const source = pyodide.runPython("import inspect, bisect\ninspect.getsource(bisect)[:40]");
  assert.match(source, /^"""Bisection algorithms\."""/);
});
