// The bars that a page has to clear, measured in the browsers that are installed: node benches/page.mjs [--browser chromium|firefox|webkit]
// Stop during nine programs on the page's thread and in a worker, frames while programs run, a million prints, fifty snippets, a
// second session, callbacks across the bridge, and what a page loads before the first Run. On a busy machine the figures are worse.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { findBrowser, KINDS, openBrowser } from "../tests/web/lib/browser.mjs";
import { page as html, snippet } from "../tests/web/lib/pages.mjs";
import { ROOT, startServer } from "../tests/web/lib/server.mjs";

const PROGRAMS = {
  "busy loop": "while True: pass",
  "big power": "x = 3 ** (10 ** 8)",
  "endless sum": "sum(iter(int, 1))",
  "catastrophic regex": "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')",
  join: "while True: ''.join(map(str, range(10 ** 6)))",
  "sort with a slow key": "sorted(range(10 ** 6), key=lambda n: sum(range(200)))",
  sleep: "import time\ntime.sleep(1000)",
  input: "input('? ')",
  "print flood": "while True: print('x' * 50)",
};

const at = process.argv.indexOf("--browser");
const kinds = KINDS.filter((kind) => (at < 0 ? findBrowser(kind) : kind === process.argv[at + 1]));
for (const kind of kinds) {
  const browser = await openBrowser(kind);
  console.log(`\n${browser.version}`);
  const fifty = html(Array.from({ length: 50 }, (_, n) => snippet(`x = ${n}\nprint(x)`)).join("\n"));
  const flood = html(snippet("for n in range(10 ** 6): print('line', n)", 'timelimit="none"'));
  const server = await startServer({ pages: { "/fifty.html": fifty, "/flood.html": flood } });
  const inPage = async (address, run, ...args) => {
    const page = await browser.newPage();
    await page.goto(server.url + address);
    const seen = await page.evaluate(run, ...args);
    await page.close();
    return seen;
  };
  const blank = "/tests/web/pages/blank.html";
  console.log("Stop, in ms (page, worker), and frames a second meanwhile on the page; bars: 100 ms, 30");
  for (const [name, program] of Object.entries(PROGRAMS)) {
    const [page, worker] = [await inPage(blank, stopDuring, program, false), await inPage(blank, stopDuring, program, true)];
    const odd = [page, worker].filter((seen) => seen.what !== "KeyboardInterrupt, finally ran, still there").map((seen) => seen.what);
    console.log(`  ${name.padEnd(22)}${page.stop.toFixed(0).padStart(6)}${worker.stop.toFixed(0).padStart(6)}${page.frames.toFixed(0).padStart(6)}  ${odd}`);
  }
  const million = await inPage("/flood.html", printMillion);
  console.log(`a million prints: ${million.seconds.toFixed(1)} s, longest gap between frames ${million.longest.toFixed(0)} ms, ${million.nodes} nodes, ${million.notice}; heap of the session ${(million.memory / 1e6).toFixed(2)} MB`);
  const snippets = await inPage("/fifty.html", runFifty);
  const instances = server.requests.filter((request) => request.path.endsWith("snakelet_bg.wasm")).length;
  console.log(`fifty snippets: ${(snippets.grown / 49 / 1e3).toFixed(0)} kB for each beyond the first (bar 1,000), ${snippets.each.toFixed(1)} ms each to run the first time; ${instances > 0 ? "one instance" : "from the cache"}`);
  const sessions = await inPage(blank, secondSession);
  console.log(`a second session, to its first result: median ${sessions.median.toFixed(2)} ms, worst of ten ${sessions.worst.toFixed(2)} ms (bar 5)`);
  const calls = await inPage(blank, callAcross);
  console.log(`100,000 callbacks: JavaScript to Python ${calls.toPython.toFixed(2)} us each, Python to JavaScript ${calls.toJs.toFixed(2)} us each; memory grew by ${calls.grown} bytes`);
  if (kind === "chromium") {
    for (const address of ["/index.html", "/web/examples/tutorial.html"]) {
      const own = await startServer();
      const page = await browser.newPage();
      await page.goto(own.url + address);
      await page.waitFor(() => !!customElements.get("python-snippet"));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const sizes = [...new Set(own.requests.filter(({ status }) => status === 200).map(({ path: name }) => name))].map((name) => [name, zlib.brotliCompressSync(fs.readFileSync(path.join(ROOT, name))).length]);
      const runtime = sizes.filter(([name]) => /\.wasm$|stdlib/.test(name));
      const sum = (list) => list.reduce((total, [, size]) => total + size, 0);
      console.log(`${address} before the first Run: ${sum(sizes) - sum(runtime)} bytes as brotli (bar 40,000)${runtime.length ? `, and ${sum(runtime)} of the shell's Python` : ""}`);
      await page.raw.addScriptTag({ url: `${own.url}/node_modules/axe-core/axe.min.js` });
      const found = await page.evaluate(async () => (await axe.run(document)).violations.map(({ id }) => id));
      console.log(`${address} axe: ${found.length ? found.join(", ") : "no violation"}`);
      await page.close();
      await own.close();
    }
  }
  await browser.close();
  await server.close();
}
process.exit();

// Run in the page.

async function stopDuring(program, worker) {
  const { createRuntime } = await import("/pkg/snakelet.mjs");
  const runtime = await createRuntime({ worker });
  const session = runtime.createSession({ stdout() {}, stderr() {}, input: () => new Promise(() => {}) });
  await session.run("import re, time\nstate = 'set before'\nkept = 'still there'");
  const body = program.split("\n").map((line) => "    " + line).join("\n");
  let best = { stop: Infinity, frames: 0 }, what;
  for (let attempt = 0; attempt < 3; attempt++) {
    const done = session.run(`try:\n${body}\nfinally:\n    state = 'finally ran'`);
    let frames = 0, isOver = false;
    const frame = () => {
      frames++;
      if (!isOver) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    const begin = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const start = performance.now();
    isOver = true;
    session.stop();
    const result = await done;
    const stop = performance.now() - start;
    const [state, kept] = (await session.run("[state, kept]")).value;
    what = `${result.error?.type}, ${state}, ${kept}`;
    best = { stop: Math.min(best.stop, stop), frames: Math.max(best.frames, (frames / (start - begin)) * 1000) };
  }
  runtime.dispose();
  return { ...best, what };
}

async function printMillion() {
  await customElements.whenDefined("python-snippet");
  const element = document.querySelector("python-snippet");
  while (!element.code) await new Promise((resolve) => setTimeout(resolve, 10));
  let longest = 0, last = performance.now(), isOver = false;
  const start = last;
  const frame = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    if (!isOver) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  await element.run();
  isOver = true;
  const root = element.shadowRoot;
  return { seconds: (performance.now() - start) / 1000, longest, nodes: root.querySelectorAll(".output *").length, notice: root.querySelector(".removed")?.textContent, memory: element.result.usage.memory };
}

async function runFifty() {
  await customElements.whenDefined("python-snippet");
  const elements = [...document.querySelectorAll("python-snippet")];
  while (!elements.at(-1).code) await new Promise((resolve) => setTimeout(resolve, 10));
  // What a session counts are all bytes of the instance since its own start: so the first one sees all the others.
  await elements[0].run();
  const before = (await elements[0].run()).usage.memory;
  const start = performance.now();
  for (const element of elements.slice(1)) await element.run();
  const each = (performance.now() - start) / 49;
  return { each, grown: (await elements[0].run()).usage.memory - before };
}

async function secondSession() {
  const { createRuntime } = await import("/pkg/snakelet.mjs");
  const runtime = await createRuntime();
  await runtime.createSession({ stdout() {} }).run("print(1)");
  const times = [];
  for (let n = 0; n < 11; n++) {
    const start = performance.now();
    const session = runtime.createSession({ stdout() {} });
    await session.run("print(1)");
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { median: times[5], worst: times[10] };
}

async function callAcross() {
  const { loadPyodide } = await import("/pkg/pyodide.mjs");
  const pyodide = await loadPyodide();
  const count = 100_000;
  pyodide.runPython("def add(x): return x + 1\nfrom pyodide.code import run_js\ninc = run_js('(x) => x + 1')\ndef many(n):\n    s = 0\n    for _ in range(n): s = inc(s)\n    return s");
  const [add, many] = [pyodide.globals.get("add"), pyodide.globals.get("many")];
  const round = (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum = add(sum);
    const middle = performance.now();
    return { middle, sum: sum + many(n) };
  };
  round(1000);
  const before = pyodide._memory();
  const start = performance.now();
  const { middle, sum } = round(count);
  const end = performance.now();
  if (sum !== 2 * count) throw new Error(`the sum is ${sum}`);
  return { toPython: ((middle - start) / count) * 1000, toJs: ((end - middle) / count) * 1000, grown: pyodide._memory() - before };
}
