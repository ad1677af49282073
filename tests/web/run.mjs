// Runs the web tests: node tests/web/run.mjs [--browser chromium|firefox|webkit] [--only TEXT] [--screenshots] [FILE...]
// Prints one line per test and at the end `N passed, N failed, N skipped`. A failed test leaves a screenshot under target/web,
// with --screenshots every test does.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { findBrowser, KINDS, openBrowser } from "./lib/browser.mjs";
import { ROOT, startServer } from "./lib/server.mjs";
import { declared } from "./lib/test.mjs";
import { inject } from "./lib/webkit.mjs";

const args = process.argv.slice(2);
const option = (name) => {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args.splice(at, 2)[1];
};
const onlyBrowser = option("--browser");
const only = option("--only");
const keeps = args.includes("--screenshots") && args.splice(args.indexOf("--screenshots"), 1).length > 0;
const folder = path.join(ROOT, "tests/web");
const files = args.length ? args.map((file) => path.resolve(file)) : fs.readdirSync(folder).filter((name) => name.endsWith(".test.mjs")).sort().map((name) => path.join(folder, name));
for (const file of files) {
  const before = declared.length;
  await import(pathToFileURL(file).href);
  for (const item of declared.slice(before)) item.file = path.basename(file, ".test.mjs");
}

let passed = 0, failed = 0, skipped = 0;
for (const kind of KINDS) {
  if (kind !== (onlyBrowser ?? kind)) continue;
  const tests = declared.filter((item) => (item.options.browsers ?? KINDS).includes(kind) && (!only || `${item.file}: ${item.name}`.includes(only)));
  if (!findBrowser(kind)) {
    console.log(`${kind}: not installed, ${tests.length} tests skipped`);
    skipped += tests.length;
    continue;
  }
  let browser = await openBrowser(kind);
  console.log(browser.version);
  for (const item of tests) {
    const label = `${kind} ${item.file}: ${item.name}`;
    let problem = await runOne(browser, kind, item);
    if (problem?.includes("the driver is disconnected")) {
      // WebKit's does not always answer when a browser starts.
      await browser.close().catch(() => {});
      browser = await openBrowser(kind);
      problem = await runOne(browser, kind, item);
    }
    if (problem) {
      failed += 1;
      console.log(`FAIL ${label}\n    ${problem.replaceAll("\n", "\n    ")}`);
      if (/closed|crash|disconnected/i.test(problem)) {
        await browser.close().catch(() => {});
        browser = await openBrowser(kind);
      }
    } else {
      passed += 1;
      console.log(`ok   ${label}`);
    }
  }
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed ? 1 : 0);

/** Runs one test on a page of its own; returns what went wrong, or null. */
async function runOne(browser, kind, item) {
  const { options } = item;
  const server = await startServer({ pages: { ...options.pages, ...(options.html && { "/test.html": options.html }) }, headers: options.headers, inject: kind === "webkit" && !options.headers ? inject : "" });
  let page;
  const shot = path.join(ROOT, "target/web", `${kind}-${item.file}-${item.name.replace(/\W+/g, "-")}.png`);
  try {
    page = await browser.newPage();
    const url = server.url + (options.html ? "/test.html" : (options.page ?? "/tests/web/pages/blank.html"));
    await page.goto(url);
    await withTimeout(item.run({ page, browser, server, url }), options.timeout ?? 60000);
    if (!options.allowErrors) {
      if (page.errors.length) throw new Error(`uncaught errors in the page:\n${page.errors.join("\n")}`);
      const errors = page.console.filter((message) => message.type === "error" && !message.text.includes("favicon"));
      const missing = server.requests.filter(({ status }) => status === 404).map((request) => request.path);
      if (errors.length) throw new Error(`console errors:\n${[...errors.map((message) => message.text), ...missing].join("\n")}`);
    }
    if (keeps) await page.screenshot(shot).catch(() => {});
    return null;
  } catch (error) {
    await page?.screenshot(shot).catch(() => {});
    const log = [...(page?.errors ?? []), ...(page?.console ?? []).map((message) => `console.${message.type}: ${message.text}`)].slice(-20).join("\n");
    return `${error.stack ?? error}${log ? `\n${log}` : ""}\nscreenshot: ${path.relative(ROOT, shot)}`;
  } finally {
    await page?.close().catch(() => {});
    await server.close();
  }
}

function withTimeout(promise, limit) {
  let timer;
  const end = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`the test took more than ${limit} ms`)), limit); });
  return Promise.race([promise, end]).finally(() => clearTimeout(timer));
}
