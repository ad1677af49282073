// Tests of the JavaScript package in Node: node tests/package/run.mjs [--only TEXT] [FILE...]
// A file NAME.test.mjs calls `test(name, async () => {})` from ../web/lib/test.mjs; it imports the package from ../../pkg/.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { declared } from "../web/lib/test.mjs";

const folder = path.dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const at = args.indexOf("--only");
const only = at < 0 ? "" : args.splice(at, 2)[1];
const files = args.length ? args.map((file) => path.resolve(file)) : fs.readdirSync(folder).filter((name) => name.endsWith(".test.mjs")).sort().map((name) => path.join(folder, name));
let passed = 0, failed = 0;
for (const file of files) {
  const before = declared.length;
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${path.basename(file)}: ${error.stack}`);
    continue;
  }
  for (const { name, options, run } of declared.slice(before)) {
    const label = `${path.basename(file, ".test.mjs")}: ${name}`;
    if (!label.includes(only)) continue;
    let timer;
    const limit = options.timeout ?? 60000;
    try {
      const end = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`took more than ${limit} ms`)), limit); });
      await Promise.race([Promise.resolve().then(run), end]);
      passed += 1;
      console.log(`ok   ${label}`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL ${label}\n    ${String(error.stack ?? error).replaceAll("\n", "\n    ")}`);
    } finally {
      clearTimeout(timer);
    }
  }
}
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
