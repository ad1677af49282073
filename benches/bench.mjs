// Times the benchmark programs: node benches/bench.mjs [--only A,B] [--quick] [--hosts chromium,node] [--engines snakelet,pyodide,micropython]
// Engines take turns program by program, so that the machine's moods meet all of them alike; the best of several rounds counts.
// A result counts only if the printed line equals CPython's (programs/NAME.out). The table goes to benches/results.md.
import { fork } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { openBrowser } from "../tests/web/lib/browser.mjs";
import { startServer } from "../tests/web/lib/server.mjs";

const folder = path.dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const option = (name, fallback) => { const at = args.indexOf(name); return at < 0 ? fallback : args[at + 1].split(","); };
const quick = args.includes("--quick");
const rounds = quick ? 1 : 3;
const hosts = option("--hosts", quick ? ["chromium"] : ["chromium", "node"]);
const engines = option("--engines", quick ? ["snakelet", "pyodide"] : ["snakelet", "pyodide", "micropython"]);
const only = option("--only");
const LIMIT = 120000;
const TITLES = { snakelet: "Snakelet", pyodide: "Pyodide", micropython: "MicroPython", chromium: "Chromium", node: "Node" };
// Programs that use nothing but builtins: they are what the budget speaks of.
const LIBRARY = new Set(["asyncio_bench", "collections_bench", "decimal_bench", "json_bench", "regex"]);

const programs = fs.readdirSync(path.join(folder, "programs")).filter((name) => name.endsWith(".py")).map((name) => name.slice(0, -3)).filter((name) => !only || only.includes(name)).sort();
const source = Object.fromEntries(programs.map((name) => [name, fs.readFileSync(path.join(folder, "programs", `${name}.py`), "utf8")]));
const expected = Object.fromEntries(programs.map((name) => [name, fs.readFileSync(path.join(folder, "programs", `${name}.out`), "utf8").replace(/^#> stdout\n/, "").trim()]));

const server = await startServer();
const results = {};
let browserVersion = "";
for (const host of hosts) {
  results[host] = await (host === "chromium" ? inChromium() : inNode());
}
await server.close();
report();

async function inChromium() {
  const browser = await openBrowser("chromium");
  browserVersion = browser.version.replace(/ built on.*/, "");
  const pages = {};
  const runner = {
    async run(engine, text) {
      pages[engine] ??= await openEngine(browser, engine);
      return withLimit(pages[engine].evaluate((code) => globalThis.runProgram(code), text));
    },
    async restart(engine) {
      await Promise.race([pages[engine]?.close().catch(() => {}), new Promise((resolve) => setTimeout(resolve, 5000))]);
      delete pages[engine];
    },
  };
  const table = await measure("chromium", runner);
  await browser.close();
  return table;
}

async function openEngine(browser, engine) {
  const page = await browser.newPage();
  await page.goto(`${server.url}/benches/pages/engine.html?engine=${engine}`);
  await page.waitFor(() => typeof globalThis.runProgram === "function", { timeout: 30000, what: `${engine} to load: ${page.errors.join(" ")}` });
  return page;
}

async function inNode() {
  const processes = {};
  const runner = {
    async run(engine, text) {
      processes[engine] ??= await startProcess(engine);
      const child = processes[engine];
      return withLimit(new Promise((resolve, reject) => {
        child.once("message", resolve);
        child.once("exit", (code) => reject(new Error(`the process ended with ${code}`)));
        child.send({ source: text });
      }).finally(() => child.removeAllListeners()));
    },
    async restart(engine) {
      processes[engine]?.kill("SIGKILL");
      delete processes[engine];
    },
  };
  const table = await measure("node", runner);
  for (const child of Object.values(processes)) child.kill();
  return table;
}

function startProcess(engine) {
  const child = fork(path.join(folder, "node_engine.mjs"), [engine], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    child.once("message", () => { child.removeAllListeners(); resolve(child); });
    child.once("exit", (code) => reject(new Error(`${engine} did not load (${code})`)));
  });
}

function withLimit(promise) {
  let timer;
  return Promise.race([promise, new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`more than ${LIMIT / 1000} s`)), LIMIT); })]).finally(() => clearTimeout(timer));
}

/** Milliseconds, or the reason why there are none, by program and engine. */
async function measure(host, runner) {
  const table = Object.fromEntries(programs.map((name) => [name, {}]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of programs) {
      for (const engine of engines) {
        const before = table[name][engine];
        if (typeof before === "string" || (round > 0 && engine === "micropython")) continue;
        try {
          const { milliseconds, printed, error } = await runner.run(engine, source[name]);
          if (error) table[name][engine] = error;
          else if (printed !== expected[name]) table[name][engine] = `printed ${JSON.stringify(printed.slice(0, 80))}`;
          else table[name][engine] = Math.min(before ?? Infinity, milliseconds);
        } catch (error) {
          table[name][engine] = String(error.message).split("\n")[0];
          await runner.restart(engine);
        }
        const value = table[name][engine];
        console.log(`${host} ${round + 1}/${rounds} ${name} ${engine}: ${typeof value === "number" ? `${value.toFixed(0)} ms` : value}`);
      }
    }
  }
  return table;
}

function geometricMean(values) {
  return values.length ? Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length) : NaN;
}

function report() {
  const lines = [
    "# Benchmarks", "",
    `Measured ${new Date().toISOString().slice(0, 10)} on ${os.cpus().length} cores (${os.cpus()[0].model.trim()}), ${[browserVersion, `Node ${process.versions.node}`].filter(Boolean).join(", ")},`,
    `Pyodide ${version("pyodide")}, MicroPython ${version("@micropython/micropython-webassembly-pyscript")}; best of ${rounds} (MicroPython: 1), engines taking turns.`,
    "Ratios are times divided by Pyodide's: below 1 is faster. Programs marked * import a library module.", "",
  ];
  for (const host of hosts) {
    lines.push(`## ${TITLES[host]}`, "", `| program | Pyodide, ms | ${engines.filter((e) => e !== "pyodide").map((e) => `${TITLES[e]}, ms | ratio`).join(" | ")} |`);
    lines.push(`|---|--:|${engines.filter((e) => e !== "pyodide").map(() => "--:|--:|").join("")}`);
    const ratios = Object.fromEntries(engines.map((engine) => [engine, { all: [], plain: [] }]));
    const problems = [];
    for (const name of programs) {
      const row = results[host][name];
      const base = row.pyodide;
      const cells = [LIBRARY.has(name) ? `${name} *` : name, typeof base === "number" ? base.toFixed(0) : "-"];
      for (const engine of engines) {
        const value = row[engine];
        if (typeof value === "string") problems.push(`- ${name}, ${TITLES[engine]}: ${value}`);
        if (engine === "pyodide") continue;
        const ratio = typeof value === "number" && typeof base === "number" ? value / base : null;
        cells.push(typeof value === "number" ? value.toFixed(0) : "-", ratio === null ? "-" : ratio.toFixed(2));
        if (ratio !== null) {
          ratios[engine].all.push(ratio);
          if (!LIBRARY.has(name)) ratios[engine].plain.push(ratio);
        }
      }
      lines.push(`| ${cells.join(" | ")} |`);
    }
    for (const [kind, title] of [["plain", "geometric mean, builtins only"], ["all", "geometric mean, all that ran"]]) {
      lines.push(`| **${title}** | | ${engines.filter((e) => e !== "pyodide").map((e) => `${ratios[e][kind].length} programs | **${geometricMean(ratios[e][kind]).toFixed(2)}**`).join(" | ")} |`);
    }
    lines.push("");
    if (ratios.snakelet?.plain.length) lines.push(...budgetLines(ratios.snakelet.plain), "");
    if (problems.length) lines.push("Without a result:", "", ...problems, "");
  }
  const text = lines.join("\n");
  console.log(`\n${text}`);
  if (!only && !quick) fs.writeFileSync(path.join(folder, "results.md"), text);
}

/** How the builtins-only programs stand against the budgets. */
function budgetLines(ratios) {
  const budgets = JSON.parse(fs.readFileSync(path.join(folder, "budgets.json"), "utf8"));
  const line = (title, value, most) => `${title}: ${value.toFixed(2)}, budget ${most} (${value <= most ? "kept" : "exceeded"}).`;
  return [line("Geometric mean", geometricMean(ratios), budgets.builtinsGeometricMean), line("Slowest program", Math.max(...ratios), budgets.worstProgram)];
}

function version(name) {
  return JSON.parse(fs.readFileSync(path.join(folder, "../node_modules", name, "package.json"), "utf8")).version;
}
