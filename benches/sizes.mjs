// What a page loads to print one line, and how long that takes from a cold start: node benches/sizes.mjs [--rounds N]
// Each round opens a fresh browser profile; Snakelet and Pyodide take turns.
import fs from "node:fs";
import path from "node:path";
import { constants, brotliCompressSync, gzipSync } from "node:zlib";
import { openBrowser } from "../tests/web/lib/browser.mjs";
import { ROOT, startServer } from "../tests/web/lib/server.mjs";

const at = process.argv.indexOf("--rounds");
const rounds = at < 0 ? 7 : Number(process.argv[at + 1]);
const pages = { Snakelet: "/benches/pages/hello_snakelet.html", Pyodide: "/benches/pages/hello_pyodide.html" };
const loaded = {}, times = { Snakelet: [], Pyodide: [] };
let version = "";
for (let round = 0; round < rounds; round += 1) {
  for (const [engine, url] of Object.entries(pages)) {
    const server = await startServer();
    const browser = await openBrowser("chromium");
    version = browser.version;
    const page = await browser.newPage();
    await page.goto(server.url + url);
    times[engine].push(await page.waitFor(() => globalThis.firstOutput, { timeout: 60000, what: `${engine}'s first output: ${page.errors.join(" ")}` }));
    // What comes after the first output (the part that shows errors) is not waited for.
    loaded[engine] = [url, ...await page.evaluate(() => performance.getEntriesByType("resource").filter((entry) => entry.startTime <= globalThis.firstOutput).map((entry) => new URL(entry.name).pathname))];
    await browser.close();
    await server.close();
  }
}

const number = (value) => value.toLocaleString("en-US").padStart(12);
console.log(version);
const budgets = JSON.parse(fs.readFileSync(path.join(ROOT, "benches/budgets.json"), "utf8"));
const brotli = {};
for (const engine of Object.keys(pages)) {
  console.log(`\n${engine}: files loaded until the first line is printed (bytes)\n${"raw".padStart(12)}${"gzip -9".padStart(12)}${"brotli 11".padStart(12)}`);
  const total = [0, 0, 0];
  for (const url of new Set(loaded[engine])) {
    const data = fs.readFileSync(path.join(ROOT, url));
    const sizes = [data.length, gzipSync(data, { level: 9 }).length, brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: data.length } }).length];
    sizes.forEach((size, i) => { total[i] += size; });
    console.log(`${sizes.map(number).join("")}  ${url}`);
  }
  console.log(`${total.map(number).join("")}  in all`);
  brotli[engine] = total[2];
}
console.log("\nfrom navigation to the first output, cold (ms)");
for (const [engine, list] of Object.entries(times)) {
  const sorted = [...list].sort((a, b) => a - b);
  console.log(`${engine.padEnd(10)} best ${sorted[0].toFixed(0)}, median ${sorted[sorted.length >> 1].toFixed(0)} of ${list.length}`);
}
const best = Object.fromEntries(Object.entries(times).map(([engine, list]) => [engine, Math.min(...list)]));
const kept = (holds) => (holds ? "kept" : "exceeded");
console.log(`\nbrotli bytes: ${brotli.Snakelet}, budget ${budgets.brotliBytes} (${kept(brotli.Snakelet <= budgets.brotliBytes)})`);
console.log(`first output: ${best.Snakelet.toFixed(0)} ms, budget ${budgets.firstOutputMilliseconds} (${kept(best.Snakelet <= budgets.firstOutputMilliseconds)})`);
console.log(`times faster than Pyodide: ${(best.Pyodide / best.Snakelet).toFixed(1)}, budget ${budgets.timesFasterToFirstOutput} (${kept(best.Pyodide / best.Snakelet >= budgets.timesFasterToFirstOutput)})`);
