// Malformed input to every public function: a TypeError or a rejected promise whose message names the argument, never a trap.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPyodide } from "../../pkg/pyodide.mjs";
import { createRuntime } from "../../pkg/snakelet.mjs";

const odd = [undefined, null, 3, NaN, -1, 2n, true, "text", "", Symbol("s"), () => 1, {}, [], [1], new Map(), new Date(), Object.create(null), /x/];

/** Calls with the argument and expects either success or an error that names one of the words. */
async function refuses(call, value, words, mayWork) {
  try {
    await call(value);
  } catch (error) {
    assert.ok(error instanceof Error, String(error));
    assert.ok(!(error instanceof WebAssembly.RuntimeError), error.stack);
    if (error.name === "PythonError" && mayWork(value)) return;
    assert.ok(words.some((word) => error.message.includes(word)), `${call}: ${error.stack}`);
    return;
  }
  assert.ok(mayWork(value), `${call} accepted ${String(typeof value === "object" ? JSON.stringify(value) : String(value))}`);
}

const isString = (value) => typeof value === "string";
const isMissing = (value) => value === undefined || value === null;
const isPlain = (value) => isMissing(value) || (typeof value === "object" && !Array.isArray(value));

test("createRuntime", async () => {
  const dispose = async (options) => (await createRuntime(options)).dispose();
  for (const value of odd) {
    await refuses(dispose, value, ["options"], isPlain);
    await refuses((v) => dispose({ worker: v }), value, ["worker"], (v) => v === undefined || v === true);
    await refuses((v) => dispose({ stdlib: v }), value, ["stdlib"], (v) => v === undefined || typeof v === "function");
    if (!isString(value)) await refuses((v) => dispose({ indexURL: v }), value, ["indexURL"], (v) => v === undefined);
    if (value !== undefined) await refuses((v) => dispose({ wasm: v }), value, ["wasm"], () => false);
  }
  await assert.rejects(createRuntime({ indexURL: "/no/such/folder" }), /indexURL/);
});

test("createSession", async () => {
  const runtime = await createRuntime();
  const create = (options) => runtime.createSession(options).dispose();
  for (const value of odd) {
    await refuses(create, value, ["options"], isPlain);
    for (const name of ["stdout", "stderr", "input"]) {
      await refuses((v) => create({ [name]: v }), value, [name], (v) => v === undefined || typeof v === "function");
    }
    for (const name of ["files", "limits", "permissions", "env"]) await refuses((v) => create({ [name]: v }), value, [name], isPlain);
    for (const name of ["time", "memory", "output", "recursion"]) {
      await refuses((v) => create({ limits: { [name]: v } }), value, [name], (v) => isMissing(v) || v > 0);
    }
    await refuses((v) => create({ permissions: { js: v } }), value, ["js"], (v) => v === undefined || v === true);
    await refuses((v) => create({ files: { name: v } }), value, ["name"], isString);
    await refuses((v) => create({ seed: v }), value, ["seed"], (v) => isMissing(v) || [3, -1, 2n].includes(v));
    await refuses((v) => create({ clock: v }), value, ["clock"], (v) => isMissing(v) || typeof v === "function" || [3, -1].includes(v));
    await refuses((v) => create({ args: v }), value, ["args"], (v) => v === undefined || (Array.isArray(v) && v.length === 0));
  }
  runtime.dispose();
});

for (const worker of [false, true]) {
  test(`session methods${worker ? " in a worker" : ""}`, async () => {
    const runtime = await createRuntime({ worker });
    const session = runtime.createSession({ stdout() {}, stderr() {}, input: () => null });
    for (const value of odd) {
      await refuses((v) => session.run(v), value, ["code"], isString);
      await refuses((v) => session.run("1", v), value, ["options"], isPlain);
      await refuses((v) => session.run("1", { filename: v }), value, ["filename"], (v) => v === undefined || isString(v));
      await refuses((v) => session.run("1", { signal: v }), value, ["signal"], isMissing);
      await refuses((v) => session.run("1", { fresh: v }), value, ["fresh"], (v) => v === undefined || v === true);
      await refuses((v) => session.run("1", { mode: v }), value, ["mode"], (v) => v === undefined);
      await refuses((v) => session.check(v), value, ["code"], isString);
      await refuses((v) => session.complete(v), value, ["text"], isString);
      await refuses((v) => session.complete("abc", v), value, ["cursor"], (v) => v === undefined || v === 3);
      for (const name of ["get", "has", "delete"]) await refuses((v) => session.globals[name](v), value, ["name"], isString);
      await refuses((v) => session.globals.set(v, 1), value, ["name"], isString);
      await refuses((v) => session.globals.set("x", v), value, ["value"], (v) => typeof v !== "function" && typeof v !== "symbol");
      await refuses((v) => session.readFile(v), value, ["path"], (v) => v === "text");
      await refuses((v) => session.writeFile(v, "x"), value, ["path"], (v) => v === "text");
      await refuses((v) => session.writeFile("x", v), value, ["data"], isString);
    }
    const cyclic = [];
    cyclic.push(cyclic);
    await refuses((v) => session.globals.set("x", v), cyclic, ["value"], () => false);
    for (const code of ["\0", "\ud800", "(".repeat(5000), "[".repeat(100000), "x = " + "-".repeat(100000) + "1", "é".repeat(1000), "\u202e", "if 1:\n\t  x\n  \ty"]) {
      const result = await session.run(code);
      assert.ok(result.error === undefined || result.error.type !== "SystemError", JSON.stringify(code.slice(0, 10)));
      await session.check(code);
      await session.complete(code);
    }
    assert.equal((await session.run("1 + 1")).value, 2);
    session.stop();
    session.stop();
    runtime.dispose();
  });
}

test("pyodide.mjs", async () => {
  const pyodide = await loadPyodide({ stdout() {}, stderr() {} });
  for (const value of odd) {
    await refuses((v) => loadPyodide({ stdout: v }), value, ["stdout"], (v) => v === undefined || typeof v === "function");
    await refuses((v) => pyodide.runPython(v), value, ["code"], isString);
    await refuses((v) => pyodide.runPythonAsync(v), value, ["code"], isString);
    await refuses((v) => pyodide.runPython("1", v), value, ["options"], isPlain);
    await refuses((v) => pyodide.runPython("1", { filename: v }), value, ["filename"], (v) => v === undefined || isString(v));
    await refuses((v) => pyodide.runPython("1", { globals: v }), value, ["globals"], isMissing);
    await refuses((v) => pyodide.setStdout(v), value, ["options"], isPlain);
    await refuses((v) => pyodide.setStdin({ stdin: v }), value, ["stdin"], (v) => v === undefined || typeof v === "function");
    await refuses((v) => pyodide.setInterruptBuffer(v), value, ["buffer"], isMissing);
    await refuses((v) => pyodide.pyimport(v), value, ["name", "module"], () => false);
    await refuses((v) => pyodide.FS.readFile(v), value, ["path", "file"], () => false);
  }
  assert.equal(pyodide.runPython("1 + 1"), 2);
});
