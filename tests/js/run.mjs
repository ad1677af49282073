// Runs the package's tests under Node: node tests/js/run.mjs [--only TEXT] [FILE...]
// Prints one line per test and at the end `N passed, N failed, N skipped`.
import fs from "node:fs";
import path from "node:path";
import { run } from "node:test";
import { fileURLToPath } from "node:url";

const folder = path.dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const at = args.indexOf("--only");
const only = at < 0 ? undefined : args.splice(at, 2)[1];
const files = args.length ? args.map((file) => path.resolve(file)) : fs.readdirSync(folder).filter((name) => name.endsWith(".test.mjs")).sort().map((name) => path.join(folder, name));

let passed = 0, failed = 0, skipped = 0;
const suites = [];
const options = { files, concurrency: 1, timeout: 120000 };
if (only) options.testNamePatterns = [only];
const stream = run(options);
stream.on("test:start", ({ name, nesting }) => {
  suites.length = nesting;
  suites[nesting] = name;
});
const isSuite = ({ details, name }) => details?.type === "suite" || files.includes(name) || files.some((file) => path.relative(process.cwd(), file) === name);
stream.on("test:pass", (event) => {
  if (isSuite(event)) return;
  if (event.skip) skipped += 1;
  else passed += 1;
  console.log(`${event.skip ? "skip" : "ok  "} ${label(event)}`);
});
stream.on("test:fail", (event) => {
  const error = event.details?.error;
  // A suite fails when one of its tests does.
  if (isSuite(event) && error?.failureType === "subtestsFailed") return;
  failed += 1;
  const cause = error?.cause ?? error;
  console.log(`FAIL ${label(event)}\n    ${String(cause?.stack ?? cause).replaceAll("\n", "\n    ")}`);
});
stream.on("end", () => {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed ? 1 : 0);
});
stream.resume();

function label({ name, nesting, file }) {
  return [path.basename(file ?? "", ".test.mjs"), ...suites.slice(0, nesting), name].join(": ");
}
