// Writes bridge.json: the real Pyodide's answers.
import fs from "node:fs";
import { loadPyodide } from "pyodide";
import { ask } from "./bridge.ask.mjs";

const answers = await ask(await loadPyodide());
fs.writeFileSync(new URL("bridge.json", import.meta.url), JSON.stringify(answers, null, 1) + "\n");
process.exit(0);
