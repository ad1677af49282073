// The parts of web/ that need neither a browser nor the wasm.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

Object.defineProperty(globalThis, "navigator", { value: { platform: "Linux", userAgent: "" }, configurable: true });

/** A TypeScript module of web/, compiled. */
async function load(file) {
  const built = await esbuild.build({ entryPoints: [path.join(root, "web", file)], bundle: true, write: false, format: "esm", loader: { ".css": "text" }, external: ["node:*"] });
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].text).toString("base64")}`);
}

test("pasted sessions are split into statements", async () => {
  const { splitSession } = await load("elements/parts/doctest.ts");
  assert.equal(splitSession("x = 1\nprint(x)\n"), undefined);
  assert.deepEqual(splitSession(">>> x = 1\n>>> x\n1\n"), ["x = 1", "x"]);
  assert.deepEqual(splitSession(">>> def f(n):\n...     return n\n...\n>>> f(1)\n1\n"), ["def f(n):\n    return n", "f(1)"]);
  assert.deepEqual(splitSession("  >>> if x:\n  ...     y\n  ... else:\n  ...     z\n"), ["if x:\n    y\nelse:\n    z"]);
  // python.org prints >>> before every line of a block.
  assert.deepEqual(splitSession(">>> def fib(n):\n>>>     a, b = 0, 1\n>>>     while a < n:\n>>>         print(a)\n>>> fib(1000)\n0 1 1\n"), [
    "def fib(n):\n    a, b = 0, 1\n    while a < n:\n        print(a)",
    "fib(1000)",
  ]);
  assert.deepEqual(splitSession(">>> @cache\n>>> def f(): pass\n>>>\n>>> 1\n"), ["@cache\ndef f(): pass", "1"]);
  assert.deepEqual(splitSession("In [1]: x = 2\n\nIn [2]: x\nOut[2]: 2\n"), ["x = 2", "x"]);
});

test("the next line's indentation", async () => {
  const { indentationAfter } = await load("elements/parts/editor.ts");
  const cases = { "x = 1": "", "if x:": "    ", "    for i in y:  # all": "        ", "    return x": "", "f(": "    ", "d = {": "    ", "    x = ':'": "    ", "        pass": "    ", "s = '#:'": "" };
  for (const [line, indent] of Object.entries(cases)) assert.equal(indentationAfter(line), indent, line);
});

test("tokens", async () => {
  const { tokenize } = await load("elements/parts/highlight.ts");
  const shown = (text) => {
    const rows = text.split("\n");
    return tokenize(text).map((tokens, row) => tokens.map(({ start, end, kind }) => `${kind}:${rows[row].slice(start, end)}`));
  };
  assert.deepEqual(shown("def f(x): return 'a' # b"), [["keyword:def", "name:f", "keyword:return", "string:'a'", "comment:# b"]]);
  assert.deepEqual(shown("x = 0x1F + 1_000.5e-3j"), [["number:0x1F", "number:1_000.5e-3j"]]);
  assert.deepEqual(shown('s = """a\nb"""; print(s)'), [['string:"""a'], ['string:b"""', "builtin:print"]]);
  assert.deepEqual(shown("obj.print if rb'x\\'y' else f'{x}'"), [["keyword:if", "string:rb'x\\'y'", "keyword:else", "string:f'{x}'"]]);
  assert.deepEqual(shown("match x:\n    case 1: pass\nmatch = 3"), [["keyword:match"], ["keyword:case", "number:1", "keyword:pass"], ["number:3"]]);
  assert.deepEqual(shown("@app.route('/')"), [["decorator:@app.route", "string:'/'"]]);
  assert.deepEqual(shown("x = 'open\ny"), [["string:'open"], []]);
  assert.deepEqual(shown("größe = 𝒳 + '𝒳'"), [["string:'𝒳'"]]);
});

test("tracebacks are recognised by their shape, and nothing is lost", async () => {
  const { tracebackPieces } = await load("elements/parts/traceback.ts");
  const text = 'before\nTraceback (most recent call last):\n  File "a.py", line 1, in <module>\n    1 / 0\n    ~~^~~\nZeroDivisionError: division by zero\nafter\n';
  const pieces = tracebackPieces(text);
  assert.equal(pieces.map((piece) => piece.text).join(""), text);
  assert.deepEqual(pieces.map((piece) => piece.kind), ["stderr", "quiet", "source", "caret", "exception", "stderr"]);
  assert.deepEqual(tracebackPieces("plain: text\n"), [{ kind: "stderr", text: "plain: text\n" }]);
});

test("code in HTML loses its common indentation", async () => {
  const { dedent } = await load("elements/parts/options.ts");
  assert.equal(dedent("\n    if x:\n        y\n\n    z\n  "), "if x:\n    y\n\nz");
  assert.equal(dedent("x\n  y\n"), "x\n  y");
  assert.equal(dedent("\r\n\tx\r\n\t\ty"), "x\n\ty");
});

test("transcripts keep the beginning and the end", async () => {
  const { Transcript } = await load("host/console.ts");
  const short = new Transcript();
  for (let i = 0; i < 1000; i++) short.push(`${i}\n`);
  assert.equal(String(short).length, 3890);
  const long = new Transcript();
  for (let i = 0; i < 400000; i++) long.push(`line ${i}\n`);
  const text = String(long);
  assert.ok(text.length < 1_100_000);
  assert.ok(text.startsWith("line 0\nline 1\n") && text.endsWith("line 399998\nline 399999\n"));
  assert.match(text, /\n\.\.\. \d+ characters left out \.\.\.\n/);
  assert.equal(long.length, 4688890);
});

test("clocks and sleepers", async () => {
  const { createClock, Sleepers } = await load("host/clock.ts");
  const clock = createClock(1000);
  assert.equal(clock.time(), 1000);
  clock.advance(5);
  clock.advance(3);
  assert.equal(clock.time(), 1005);
  assert.equal(clock.untilMilliseconds(99), 0);
  const sleepers = new Sleepers();
  sleepers.add(1, 10);
  sleepers.add(2, 5);
  assert.equal(sleepers.earliest, 5);
  assert.deepEqual(sleepers.due(7), [2]);
  assert.deepEqual(sleepers.due(7), []);
  assert.deepEqual(sleepers.due(10), [1]);
  assert.equal(sleepers.earliest, undefined);
});

test("seeded random bytes repeat", async () => {
  const { createRandom } = await load("host/random.ts");
  const bytes = (seed) => {
    const buffer = new Uint8Array(16);
    createRandom(seed)(buffer);
    return [...buffer];
  };
  assert.deepEqual(bytes(7n), bytes(7n));
  assert.notDeepEqual(bytes(7n), bytes(8n));
  assert.notDeepEqual(bytes(undefined), bytes(undefined));
});

test("library paths cannot leave the library", async () => {
  const { Library } = await load("host/modules.ts");
  const asked = [];
  const library = new Library(new URL("file:///nowhere/"), (name) => (asked.push(name), null));
  for (const name of ["../x.py", "a/../b.py", "/x.py", "http://x", "a b.py", "", "."]) assert.equal(await library.get(name), undefined);
  assert.deepEqual(asked, []);
  await library.get("json/decoder.py");
  await library.get("json/decoder.py");
  assert.deepEqual(asked, ["json/decoder.py"]);
});

test("history", async () => {
  const store = new Map();
  globalThis.localStorage = { getItem: (key) => store.get(key) ?? null, setItem: (key, value) => void store.set(key, value) };
  const { History } = await load("elements/parts/history.ts");
  const history = new History("t");
  history.add("a");
  history.add("b");
  history.add("b");
  assert.equal(history.move(-1, "draft"), "b");
  assert.equal(history.move(-1, "b"), "a");
  assert.equal(history.move(-1, "a"), undefined);
  assert.equal(history.move(1, "a"), "b");
  assert.equal(history.move(1, "b"), "draft");
  assert.equal(history.move(1, "draft"), undefined);
  assert.equal(new History("t").move(-1, ""), "b");
});
