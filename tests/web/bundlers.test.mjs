// The package as an application's dependency: built by esbuild, vite and webpack, then used in a page.
import fs from "node:fs";
import path from "node:path";
import { ROOT } from "./lib/server.mjs";
import { assert, test } from "./lib/test.mjs";

const home = path.join(ROOT, "target/web/bundlers");
const source = `
import { createRuntime } from "snakelet";
import { configure } from "snakelet/elements";
import { loadPyodide } from "snakelet/pyodide";
configure({ indexURL: "../python/" });
globalThis.application = { createRuntime, loadPyodide };
`;
const html = (script) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Built</title><link rel="icon" href="data:,"></head>
<body><python-snippet><pre><code>print(6 * 7)</code></pre></python-snippet><script type="module" src="${script}"></script></body></html>`;

const bundlers = {
  async esbuild(folder) {
    const { build } = await import("esbuild");
    await build({ absWorkingDir: folder, entryPoints: ["main.js"], bundle: true, format: "esm", splitting: true, minify: true, outdir: "dist", logLevel: "error" });
    fs.writeFileSync(path.join(folder, "dist/index.html"), html("main.js"));
  },
  async vite(folder) {
    const { build } = await import("vite");
    fs.writeFileSync(path.join(folder, "index.html"), html("/main.js"));
    await build({ root: folder, base: "./", logLevel: "error", configFile: false });
  },
  async webpack(folder) {
    const { default: webpack } = await import("webpack");
    const options = {
      context: folder, entry: "./main.js", mode: "production", output: { path: path.join(folder, "dist"), filename: "main.js", publicPath: "auto", module: true, chunkFormat: "module" },
      experiments: { outputModule: true }, performance: { hints: false },
    };
    const stats = await new Promise((resolve, reject) => webpack(options, (error, result) => (error ? reject(error) : resolve(result))));
    if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
    fs.writeFileSync(path.join(folder, "dist/index.html"), html("main.js"));
  },
};

for (const [name, build] of Object.entries(bundlers)) {
  if (!fs.existsSync(path.join(ROOT, "node_modules", name))) continue;
  let built;
  test(`built by ${name}`, { timeout: 120000 }, async ({ page, server }) => {
    const folder = path.join(home, name);
    built ??= (async () => {
      fs.rmSync(folder, { recursive: true, force: true });
      fs.mkdirSync(path.join(folder, "node_modules"), { recursive: true });
      fs.symlinkSync(path.join(ROOT, "pkg"), path.join(folder, "node_modules/snakelet"));
      fs.writeFileSync(path.join(folder, "package.json"), '{"type": "module"}');
      fs.writeFileSync(path.join(folder, "main.js"), source);
      await build(folder);
      for (const file of ["snakelet_bg.wasm", "worker.mjs", "bridge.mjs"]) {
        fs.mkdirSync(path.join(folder, "python"), { recursive: true });
        fs.copyFileSync(path.join(ROOT, "pkg", file), path.join(folder, "python", file));
      }
      for (const name of ["parts", "stdlib"]) fs.cpSync(path.join(ROOT, "pkg", name), path.join(folder, "python", name), { recursive: true });
    })();
    await built;
    const before = server.requests.length;
    await page.goto(`${server.url}/target/web/bundlers/${name}/dist/index.html`);
    await page.waitFor(() => document.querySelector("python-snippet")?.code === "print(6 * 7)");
    await page.click("python-snippet >>> textarea");
    await page.waitForElement("python-snippet >>> .cm-content");
    await page.click("python-snippet >>> .run");
    await page.waitFor(() => document.querySelector("python-snippet").output === "42\n");
    const seen = await page.evaluate(async () => {
      const answers = [];
      for (const worker of [false, true]) {
        const runtime = await application.createRuntime({ indexURL: "../python/", worker });
        answers.push((await runtime.createSession().run("import math\nmath.sqrt(16)")).value);
        runtime.dispose();
      }
      const pyodide = await application.loadPyodide({ indexURL: "../python/" });
      return [...answers, pyodide.runPython("import json; json.dumps([1])")];
    });
    assert.deepEqual(seen, [4, 4, "[1]"]);
    const loaded = server.requests.slice(before).map((request) => request.path);
    assert.ok(loaded.every((address) => !address.startsWith("/pkg/")), String(loaded));
  });
}
