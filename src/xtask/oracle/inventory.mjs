// Writes CPython's inventory: node inventory.mjs OUTPUT
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { loadInterpreter } from "./interpreter.mjs";

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), "inventory.py");
// The program's folder is copied into the interpreter: an empty one, so that nothing there shadows a module.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "inventory-"));
fs.copyFileSync(script, path.join(folder, "inventory.py"));
const { runProgram } = await loadInterpreter();
const { stdout, stderr, exit } = runProgram(path.join(folder, "inventory.py"));
fs.rmSync(folder, { recursive: true });
if (exit) throw new Error(stderr);
fs.writeFileSync(process.argv[2], stdout);
console.log(`${stdout.split("\n").length - 1} names recorded in ${process.argv[2]}`);
