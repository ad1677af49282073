// Records what CPython prints for each test program: node oracle.mjs [--check] FILE...
// A program whose first lines hold `# oracle: native` is recorded with the system's python3 (threads, which the wasm build has not).
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { loadInterpreter } from "./interpreter.mjs";
import { formatRecord } from "./record.mjs";

const args = process.argv.slice(2);
const check = args[0] === "--check";
const files = check ? args.slice(1) : args;
let interpreter;
let changed = 0;
for (const file of files) {
  const source = fs.readFileSync(file, "utf8");
  let record;
  if (/^# oracle: native$/m.test(source.split("\n").slice(0, 5).join("\n"))) {
    record = runNative(file);
  } else {
    interpreter ??= await loadInterpreter();
    try {
      const packages = needs(source);
      // Packages change the library's state: whoever has some gets an interpreter of its own.
      if (packages.length) interpreter = await loadInterpreter();
      record = interpreter.runProgram(path.resolve(file), packages);
      if (packages.length) interpreter = undefined;
    } catch (error) {
      console.log(`${file}: the oracle broke down: ${String(error).split("\n").slice(0, 3).join(" | ")}`);
      changed += 1;
      interpreter = undefined;
      continue;
    }
  }
  const text = formatRecord(record);
  const out = file.replace(/\.py$/, ".out");
  if (fs.existsSync(out) && fs.readFileSync(out, "utf8") === text) continue;
  changed += 1;
  console.log(`${check ? "differs" : "recorded"}: ${out}${record.exit ? ` (exit ${record.exit})` : ""}`);
  if (!check) fs.writeFileSync(out, text);
}
console.log(`${files.length} programs, ${changed} ${check ? "differ from their records" : "records changed"}`);
process.exit(check && changed ? 1 : 0);

/** The folders of the packages that a program's line `# needs: NAME==VERSION ...` names; `cargo xtask` puts them there. */
function needs(source) {
  const line = source.match(/^# needs: (.*)$/m);
  return line ? line[1].split(" ").map((name) => path.resolve("target/packages", name)) : [];
}

function runNative(file) {
  const stdin = file.replace(/\.py$/, ".stdin");
  const run = spawnSync("python3", [path.basename(file)], {
    cwd: path.dirname(file), input: fs.existsSync(stdin) ? fs.readFileSync(stdin) : "", encoding: "utf8",
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONUTF8: "1" },
  });
  return { stdout: run.stdout, stderr: run.stderr.replaceAll(`${path.resolve(path.dirname(file))}/`, ""), exit: run.status };
}
