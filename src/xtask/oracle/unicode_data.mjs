// Writes the tables of module unicodedata: node unicode_data.mjs OUTPUT (src/modules/unicodedata/tables.bin)
import fs from "node:fs";
import { loadPyodide } from "pyodide";

const python = await loadPyodide();
python.runPython(fs.readFileSync(new URL("unicode_data.py", import.meta.url), "utf8"));
const bytes = python.runPython("build()").toJs();
fs.writeFileSync(process.argv[2], bytes);
console.log(`${bytes.length} bytes written to ${process.argv[2]}`);
