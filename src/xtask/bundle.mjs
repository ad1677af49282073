// Bundles web/ into pkg/ with esbuild: node src/xtask/bundle.mjs [--dev] [--single-file]
// Each entry stands alone, so that a page loads one file; the wasm and the standard library are found beside it at run time.
import * as esbuild from "esbuild";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const dev = process.argv.includes("--dev");
const entries = {
  snakelet: "web/runtime/index.ts",
  worker: "web/runtime/worker.ts",
  elements: "web/elements/index.ts",
  editor: "web/elements/editor.ts",
  pyodide: "web/compat/pyodide.ts",
  bridge: "web/compat/bridge.ts",
};

const common = {
  absWorkingDir: root, bundle: true, format: "esm", target: "es2022", minify: !dev, sourcemap: dev ? "inline" : false,
  charset: "utf8", legalComments: "none", logLevel: "warning", loader: { ".css": "text" }, external: ["node:*"],
};
const extra = {
  // The editor is no part of the first download: it stays an import of its own, beside the elements.
  elements: { external: [...common.external, "./editor.mjs"] },
  editor: { banner: { js: `/* Contains CodeMirror, ${licence("@codemirror/view")} */` } },
};
wrapGlue();
for (const [name, entry] of Object.entries(entries)) {
  if (!fs.existsSync(path.join(root, entry))) continue;
  await esbuild.build({ ...common, entryPoints: [entry], outfile: `pkg/${name}.mjs`, ...(extra[name] ?? {}) });
}

if (process.argv.includes("--single-file")) await writeSingleFile();

/**
 * web/generated/glue.js: wasm-bindgen's glue as a function. As it is written it holds one instance for ever, but after a trap the
 * package needs a fresh one.
 */
function wrapGlue() {
  const source = path.join(root, "web/generated/snakelet.js");
  if (!fs.existsSync(source)) throw new Error("web/generated/snakelet.js is missing: cargo xtask build writes it");
  const names = [];
  const body = fs.readFileSync(source, "utf8")
    .replace(/^export (class|function) (\w+)/gm, (_, kind, name) => {
      names.push(name);
      return `${kind} ${name}`;
    })
    .replace(/^export \{[^}]*\};?$/gm, "")
    .replaceAll("import.meta.url", '""');
  const isOurs = /\bfunction initSync\b/.test(body) && !/^(import|export)\b/m.test(body);
  if (!isOurs) throw new Error("wasm-bindgen's glue has another form than expected: see wrapGlue in src/xtask/bundle.mjs");
  fs.writeFileSync(path.join(root, "web/generated/glue.js"), `export function createGlue() {\n${body}\nreturn { ${names.join(", ")}, initSync };\n}\n`);
}

/** A package's licence and its terms in full, for a comment. */
function licence(name) {
  return fs.readFileSync(path.join(root, "node_modules", name, "LICENSE"), "utf8").trim();
}

/** pkg/snakelet.html: the shell page with everything inside, for file:// addresses and for sending by mail. */
async function writeSingleFile() {
  const elements = fs.readFileSync(path.join(root, "pkg/elements.mjs"), "utf8");
  const editor = fs.readFileSync(path.join(root, "pkg/editor.mjs"), "utf8");
  const pack = (file) => zlib.gzipSync(fs.readFileSync(file), { level: 9 }).toString("base64");
  const wasm = pack(path.join(root, "pkg/snakelet_bg.wasm"));
  const library = {};
  const folder = path.join(root, "pkg/stdlib");
  for (const name of fs.readdirSync(folder, { recursive: true })) {
    const file = path.join(folder, name);
    // The sources alone: compiled modules would make the page half as large again.
    if (fs.statSync(file).isFile() && !name.endsWith(".pyc")) library[name.replaceAll(path.sep, "/")] = pack(file);
  }
  const index = fs.readFileSync(path.join(folder, "index.txt"), "utf8").replace(/^.*\.pyc\n/gm, "");
  library["index.txt"] = zlib.gzipSync(index, { level: 9 }).toString("base64");
  for (const name of fs.readdirSync(path.join(root, "pkg/parts"))) {
    library[`parts/${name}`] = pack(path.join(root, "pkg/parts", name));
  }
  const script = (text) => text.replaceAll("</script", "<\\/script");
  const style = fs.readFileSync(path.join(root, "web/styles/page.css"), "utf8");
  const page = fs.readFileSync(path.join(root, "index.html"), "utf8")
    .replace(/ *<link rel="preload"[^>]*>\n/, "")
    .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>\n${style}</style>`)
    .replace(/<script type="module" src="[^"]*elements\.mjs"><\/script>/, () =>
      `<script type="application/json" id="snakelet-assets">${script(JSON.stringify({ wasm, library }))}</script>\n<script type="text/plain" id="snakelet-editor">${script(editor)}</script>\n<script type="module">${script(elements)}</script>`);
  const home = fs.readFileSync(path.join(root, "web/pages/home.mjs"), "utf8");
  const whole = page.replace(/<script type="module" src="[^"]*home\.mjs"><\/script>/, () => `<script type="module">${script(home)}</script>`);
  fs.writeFileSync(path.join(root, "pkg/snakelet.html"), whole);
}
