// Deno and Bun, where they are installed: in the path, or as the npm packages @deno/* and @oven/bun-*.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("program.mjs", import.meta.url));
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

function find(name, scope, inside) {
  const given = process.env[`SNAKELET_${name.toUpperCase()}`];
  const folder = path.join(modules, scope);
  const packages = fs.existsSync(folder) ? fs.readdirSync(folder).map((entry) => path.join(folder, entry, inside)) : [];
  const places = [given, ...packages, ...process.env.PATH.split(path.delimiter).map((entry) => path.join(entry, name))];
  return places.find((file) => file && fs.existsSync(file));
}

const runtimes = {
  node: [process.execPath, []],
  deno: [find("deno", "@deno", "deno"), ["run", "--allow-read", "--allow-env", "--allow-net"]],
  bun: [find("bun", "@oven", "bin/bun"), ["run"]],
};
for (const [name, [executable, options]] of Object.entries(runtimes)) {
  test(`a program in ${name}`, { skip: !executable }, () => {
    const output = execFileSync(executable, [...options, program], { encoding: "utf8", timeout: 60000 });
    const each = ["hello Ada\n", "[1, 2]", "KeyboardInterrupt"];
    assert.deepEqual(JSON.parse(output.trim().split("\n").at(-1)), [...each, ...each, 120, 7]);
  });
}
