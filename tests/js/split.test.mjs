// What a page downloads late: the parts of the runtime that some library modules need.
import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, test } from "node:test";
import { loadPyodide } from "../../pkg/pyodide.mjs";
import { createRuntime } from "../../pkg/snakelet.mjs";

const groups = new Map(
  fs.readFileSync(new URL("../../src/modules/parts.txt", import.meta.url), "utf8")
    .split("\n")
    .map((line) => line.split("#")[0].split(":"))
    .filter((pair) => pair.length === 2)
    .map(([part, modules]) => [part.trim(), modules.trim().split(/\s+/)]),
);

/** A runtime that writes down which files it asks for. */
async function watched(files) {
  return createRuntime({
    stdlib: (path) => {
      files.push(path);
      return undefined;
    },
  });
}

describe("parts", () => {
  test("each group has a file", () => {
    for (const part of groups.keys()) {
      assert.equal(fs.existsSync(new URL(`../../pkg/parts/${part}.wasm`, import.meta.url)), true, part);
    }
  });

  test("a plain program loads none, an import what it needs", async () => {
    const files = [];
    const runtime = await watched(files);
    const session = runtime.createSession();
    // After its first run, a session prepares for showing an error.
    const parts = () => files.filter((path) => path.startsWith("parts/") && path !== "parts/errors.wasm");
    assert.equal((await session.run("print('hello', sorted([3, 1]), f'{1.5:8.2f}')")).error, undefined);
    assert.deepEqual(parts(), []);
    assert.equal((await session.run("import math\nmath.sqrt(16)")).value, 4);
    assert.deepEqual(parts(), ["parts/maths.wasm"]);
    // A second session on the same instance needs no second download.
    assert.equal((await runtime.createSession().run("import cmath\ncmath.sqrt(-4).imag")).value, 2);
    assert.equal(parts().length, 1);
    runtime.dispose();
  });

  test("one that cannot be had is an ImportError", async () => {
    const runtime = await createRuntime({ stdlib: (path) => (path.startsWith("parts/") ? null : undefined) });
    const session = runtime.createSession();
    const result = await session.run("import math");
    assert.equal(result.error.type, "ImportError");
    assert.match(result.error.message, /parts\/maths\.wasm/);
    assert.equal((await session.run("1 + 1")).value, 2);
    runtime.dispose();
  });

  test("without waiting", async () => {
    const pyodide = await loadPyodide();
    assert.equal(pyodide.runPython("import re\nre.sub('(a)(b)', r'\\2\\1', 'abc')"), "bac");
  });
});
