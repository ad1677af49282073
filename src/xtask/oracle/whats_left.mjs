// What CPython has and we lack: node whats_left.mjs RECORD REASONS PROGRAM [--all]
// Prints, for each builtin type and module, the missing names, other signatures and missing docs, and totals at the end.
// The names in the file of reasons (`name: reason`) are counted, but not printed.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const [record, reasons, program, ...flags] = process.argv.slice(2);
const script = path.join(path.dirname(fileURLToPath(import.meta.url)), "inventory.py");
const run = spawnSync(path.resolve(program), [script], { cwd: os.tmpdir(), encoding: "utf8", maxBuffer: 1 << 28 });
if (run.status !== 0) console.log(`our program stopped early (exit ${run.status}):\n${run.stderr.split("\n").slice(-6).join("\n")}`);

const parse = (text) => new Map(text.trim().split("\n").map((line) => line.split("\t")).map(([name, kind, signature, doc]) => [name, { kind, signature, doc }]));
const listed = new Set(fs.readFileSync(reasons, "utf8").split("\n").filter((line) => /^[^#].*: /.test(line)).map((line) => line.split(": ")[0]));
const theirs = parse(fs.readFileSync(record, "utf8"));
const ours = parse(run.stdout);
const modules = [...theirs].filter(([, entry]) => entry.kind === "module").map(([name]) => name).sort((a, b) => b.length - a.length);
const moduleOf = (name) => modules.find((module) => name === module || name.startsWith(`${module}.`)) ?? name;
const groups = new Map();
const totals = { names: 0, listed: 0, missing: 0, signatures: 0, docs: 0 };
for (const [name, entry] of theirs) {
  if (entry.kind === "missing") continue;
  totals.names += 1;
  if (listed.has(name)) {
    totals.listed += 1;
    continue;
  }
  const module = moduleOf(name);
  if (!groups.has(module)) groups.set(module, { count: 0, missing: [], signatures: [], docs: [] });
  const group = groups.get(module);
  group.count += 1;
  const mine = ours.get(name);
  if (!mine || mine.kind === "missing") {
    group.missing.push(name);
    totals.missing += 1;
    continue;
  }
  if (entry.signature && entry.signature !== mine.signature) {
    group.signatures.push(`${name}: ${mine.signature || "none"} instead of ${entry.signature}`);
    totals.signatures += 1;
  }
  if (entry.doc === "doc" && mine.doc !== "doc") {
    group.docs.push(name);
    totals.docs += 1;
  }
}
for (const [module, group] of groups) {
  if (!group.missing.length && !group.signatures.length && !group.docs.length) continue;
  if (group.missing.includes(module)) {
    console.log(`${module}: the module is missing (${group.count} names)`);
    continue;
  }
  console.log(`${module}: ${group.count} names`);
  const short = (list) => (flags.includes("--all") || module === "builtins" ? list : list.slice(0, 20)).map((name) => name.startsWith(`${module}.`) ? name.slice(module.length + 1) : name);
  if (group.missing.length) console.log(`  missing (${group.missing.length}): ${short(group.missing).join(", ")}`);
  if (group.signatures.length) console.log(`  signatures (${group.signatures.length}):\n    ${short(group.signatures).join("\n    ")}`);
  if (group.docs.length) console.log(`  no doc (${group.docs.length}): ${short(group.docs).join(", ")}`);
}
console.log(`${totals.names} names in CPython: ${totals.missing} missing, ${totals.signatures} with another signature, ${totals.docs} without doc, ${totals.listed} listed with a reason`);
