// Writes bridge.json and its neighbours: the real Pyodide's answers.
import fs from "node:fs";
import { loadPyodide } from "pyodide";
import { ask } from "./bridge.ask.mjs";

for (const name of ["bridge", "documented", "ffi", "api", "http"]) {
  const answers = await ask(await loadPyodide(), await import(`./${name}.cases.mjs`));
  fs.writeFileSync(new URL(`${name}.json`, import.meta.url), JSON.stringify(answers, null, 1) + "\n");
}
process.exit(0);
