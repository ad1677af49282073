// The example pages, the one-file page and the page without a network.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./lib/server.mjs";
import { finished } from "./lib/pages.mjs";
import { assert, test } from "./lib/test.mjs";

const isThere = (name) => fs.existsSync(path.join(ROOT, name));

test("plain HTML: events and the API", { page: "/web/examples/plain.html" }, async ({ page }) => {
  await page.click("#dice >>> .run");
  await page.waitForText("#count", "1");
  assert.match(await page.text("#last"), /^[1-6]$/);
  await page.click("#form button");
  await page.waitForText("#value", "285");
});

if (isThere("node_modules/react/umd")) {
  test("a React component", { page: "/web/examples/react.html" }, async ({ page }) => {
    await page.waitFor(() => document.querySelector("python-snippet")?.code?.startsWith("print([n * n"));
    await page.click("python-snippet >>> .run");
    await finished(page);
    await page.waitForText("#result", "wrote 3");
    await page.evaluate(() => {
      const select = document.querySelector("select");
      select.value = "primes";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    await page.waitFor(() => document.querySelector("python-snippet").code.includes("all("));
  });
}

if (isThere("node_modules/vue/dist/vue.esm-browser.prod.js")) {
  test("a Vue page", { page: "/web/examples/vue.html" }, async ({ page }) => {
    await page.waitFor(() => document.querySelector("python-snippet")?.code === "print(sum(range(100)))");
    await page.click("python-snippet >>> .run");
    assert.equal((await finished(page)).output, "4950\n");
    await page.waitForText("#result", "took");
  });
}

if (isThere("pkg/snakelet.html")) {
  test("one file, from file://", { browsers: ["chromium"] }, async ({ page }) => {
    await page.goto(pathToFileURL(path.join(ROOT, "pkg/snakelet.html")).href);
    await page.waitFor(() => !!document.querySelector("python-shell")?.run);
    const shown = await page.evaluate(async () => {
      const shell = document.querySelector("python-shell");
      await shell.run("import json; json.dumps([1, 2])");
      return shell.output.trim().split("\n").at(-1);
    });
    assert.equal(shown, "'[1, 2]'");
    await page.click("#countdown >>> textarea");
    await page.waitForElement("#countdown >>> .cm-content");
  });
}

test("without a network after the first visit", { page: "/index.html", browsers: ["chromium"], timeout: 90000, allowErrors: true }, async ({ page, browser }) => {
  await page.waitFor(() => document.documentElement.hasAttribute("data-offline"), { timeout: 40000 });
  await browser.context.setOffline(true);
  try {
    await page.raw.reload({ waitUntil: "load" });
    await page.waitFor(() => !!document.querySelector("python-shell")?.run);
    const shown = await page.evaluate(async () => {
      const shell = document.querySelector("python-shell");
      await shell.run("6 * 7");
      return shell.output.trim().split("\n").at(-1);
    });
    assert.equal(shown, "42");
  } finally {
    await browser.context.setOffline(false);
  }
});

test("the download is told about", { page: "/web/examples/plain.html" }, async ({ page }) => {
  await page.waitFor(() => !!customElements.get("python-snippet"));
  const seen = await page.evaluate(async () => {
    const seen = [];
    document.addEventListener("python-progress", ({ detail }) => seen.push(detail));
    await document.querySelector("python-snippet").run();
    return seen.at(-1);
  });
  assert.ok(seen.loaded > 1e6);
});
