// The test runner's vocabulary. A test file under tests/web exports nothing; it calls `test` at its top level:
//
//     import { test, assert } from "./lib/test.mjs";
//     test("runs a snippet", { page: "/tests/web/pages/snippet.html" }, async ({ page }) => {
//       await page.click("python-snippet >>> button");
//       await page.waitForText("python-snippet >>> [role=log]", "hello");
//     });
//
// run.mjs opens the page (a path below the repository root, or `html` given as text) in each browser and runs the function.
export { default as assert } from "node:assert/strict";

/** Every test declared so far: `{ name, options, run }`. */
export const declared = [];

/**
 * Declares a test. Options: `page` a path, or `html` the text of a page; `pages` what else is served, by path; `browsers` (all by default);
 * `allowErrors` when uncaught page errors or console errors are part of the test; `timeout` in milliseconds (60,000).
 * The function gets `{ page, browser, server, url }`.
 */
export function test(name, options, run) {
  if (typeof options === "function") [options, run] = [{}, options];
  declared.push({ name, options, run });
}
