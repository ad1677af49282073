// The project's own pages: what a visitor does with them, how much they download, and whether everybody can use them.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { ROOT } from "./lib/server.mjs";
import { assert, test } from "./lib/test.mjs";
import { page as html, run, snippet } from "./lib/pages.mjs";

test("an example types itself into the shell", { page: "/index.html" }, async ({ page }) => {
  await page.waitFor(() => !!customElements.get("python-shell"));
  for (const [name, text] of [["functions", "987"], ["lists", "'Jupiter'"], ["arithmetic", "Fraction(1, 2)"], ["flow", "on the x axis at 3"]]) {
    await page.click(`[data-example="${name}"]`);
    await page.waitFor((t) => document.querySelector("python-shell").output.includes(t), { args: [text], what: `${text} of ${name}` });
    await page.waitFor(() => ["done", "error"].includes(document.querySelector("python-shell").state));
  }
  assert.ok(!(await page.evaluate(() => document.querySelector("python-shell").output)).includes("Error"));
});

test("the playground's program reads its files", { page: "/index.html" }, async ({ page }) => {
  await page.waitFor(() => !!customElements.get("python-snippet"));
  await page.click("#main >>> .run");
  await page.waitFor(() => ["done", "error"].includes(document.querySelector("#main").state));
  assert.match(await page.evaluate(() => document.querySelector("#main").output), /^Ada {7}97 {2}A\n[^]*average +85\.0\n$/);
  await page.click('[role="tab"]:nth-child(3)');
  await page.evaluate(() => {
    const area = document.querySelector(".file");
    area.value = "name,score\nAda,50\n";
    area.dispatchEvent(new Event("input"));
  });
  await page.click('[role="tab"]:nth-child(2)');
  await page.evaluate(() => {
    const area = document.querySelector(".file");
    area.value = "def letter(score): return 'changed'\n";
    area.dispatchEvent(new Event("input"));
  });
  await page.click("#main >>> .run");
  await page.waitFor(() => document.querySelector("#main").output.includes("changed"));
});

test("the tutorial runs from top to bottom", { page: "/web/examples/tutorial.html", timeout: 120000 }, async ({ page }) => {
  await page.waitFor(() => !!customElements.get("python-snippet"));
  const seen = await page.evaluate(async () => {
    const answers = [];
    document.addEventListener("python-input", (event) => setTimeout(() => {
      const root = event.target.shadowRoot;
      root.querySelector(".field").value = "7";
      root.querySelector(".ask").requestSubmit();
    }, 50));
    for (const element of document.querySelectorAll("python-snippet")) {
      const result = await element.run();
      answers.push([element.id, result.error?.type ?? "ok"]);
    }
    return answers.filter(([, type]) => type !== "ok");
  });
  assert.deepEqual(seen, [["s17", "ZeroDivisionError"]]);
});

test("exercises: wrong, hint, solution, right", { page: "/web/examples/tutorial.html" }, async ({ page }) => {
  await page.waitFor(() => !!customElements.get("python-snippet"));
  await page.click("#s11 >>> [part=check]");
  await page.waitForText("#s11 >>> .report", "not the expected one");
  await page.waitForText("#s11 >>> .diff", "FizzBuzz");
  await page.click("#s11 >>> [part=hint-button]");
  await page.waitForText("#s11 >>> .hint", "number % 15");
  await page.click("#s11 >>> [part=solution-button]");
  await page.click("#s11 >>> [part=check]");
  await page.waitForText("#s11 >>> .verdict", "The output is the expected one.");
  await page.click("#s4 >>> [part=check]");
  await page.waitForText("#s4 >>> .verdict", "initials should be 'AL', not ''");
});

test("before the first Run a page loads at most 40 KB", { page: "/web/examples/tutorial.html", browsers: ["chromium"] }, async ({ page, server }) => {
  await page.waitFor(() => !!customElements.get("python-snippet"));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const sizes = server.requests.filter(({ status }) => status === 200).map(({ path: name }) => [name, zlib.brotliCompressSync(fs.readFileSync(path.join(ROOT, name))).length]);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.log(`     ${total} bytes: ${sizes.map(([name, size]) => `${path.basename(name)} ${size}`).join(", ")}`);
  assert.ok(total <= 40_000 || fs.statSync(path.join(ROOT, "pkg/elements.mjs")).size > 200_000, `${total} bytes`);
  assert.equal(server.requests.some((request) => request.path.endsWith(".wasm")), false);
});

for (const address of ["/index.html", "/web/examples/tutorial.html"]) {
  for (const scheme of ["light", "dark"]) {
    test(`axe finds nothing on ${address}, ${scheme}`, { page: address, browsers: ["chromium"], timeout: 120000 }, async ({ page, server }) => {
      await page.raw.emulateMedia({ colorScheme: scheme });
      await page.waitFor(() => !!customElements.get("python-snippet"));
      await page.raw.addScriptTag({ url: `${server.url}/node_modules/axe-core/axe.min.js` });
      await page.evaluate(async () => {
        const [first] = document.querySelectorAll("python-snippet[label]");
        await first.run();
        // The editor as it is in use.
        first.shadowRoot.querySelector("textarea").focus();
        while (!first.shadowRoot.querySelector(".cm-content")) await new Promise((resolve) => setTimeout(resolve, 20));
        // The button fades from Stop to Run.
        await new Promise((resolve) => setTimeout(resolve, 400));
      });
      const found = await page.evaluate(async () => {
        const { violations } = await axe.run(document);
        return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 5).map((node) => `${node.target} ${node.failureSummary.split("\n")[1] ?? ""}`).join(" | ")} (${nodes.length})`);
      });
      assert.deepEqual(found, []);
    });
  }
}

test("the page fits a phone", { page: "/index.html", browsers: ["chromium"] }, async ({ page }) => {
  await page.raw.setViewportSize({ width: 390, height: 844 });
  await page.waitFor(() => !!customElements.get("python-shell"));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
});

test("a link shares the code, and nothing runs by itself", { html: html(snippet("print(1)", 'id="one" tools="share"')) }, async ({ page, url }) => {
  await page.waitFor(() => document.querySelector("python-snippet").code === "print(1)");
  await page.evaluate(() => (document.querySelector("python-snippet").code = "print('geteilt: ü')"));
  await page.click("python-snippet >>> .tool");
  const link = await page.waitFor(() => location.hash && location.href);
  await page.goto("about:blank");
  await page.goto(link);
  await page.waitFor(() => document.querySelector("python-snippet")?.code === "print('geteilt: ü')");
  assert.equal(await page.evaluate(() => document.querySelector("python-snippet").state), "idle");
  assert.equal((await run(page)).output, "geteilt: ü\n");
  await page.goto("about:blank");
  await page.goto(`${url}#python:one:%%%`);
  await page.waitFor(() => document.querySelector("python-snippet")?.code === "print(1)");
});

test("right-to-left pages keep programs left to right", { html: html(`<div dir="rtl"><p>שלום</p>${snippet("print('a, b')")}</div>`) }, async ({ page }) => {
  assert.equal((await run(page)).output, "a, b\n");
  const box = await page.evaluate(() => {
    const root = document.querySelector("python-snippet").shadowRoot;
    return [getComputedStyle(root.querySelector(".code")).direction, getComputedStyle(root.querySelector(".output")).direction];
  });
  assert.deepEqual(box, ["ltr", "ltr"]);
});

test("without scripts the program can be read", { html: "<!doctype html><title>x</title><link rel=icon href=data:,><python-snippet><pre><code>print('plain')</code></pre></python-snippet>" }, async ({ page }) => {
  assert.equal(await page.evaluate(() => document.querySelector("python-snippet").innerText.trim()), "print('plain')");
});

test("a program that may use JavaScript", { html: html(snippet("import js\nfrom pyodide.ffi import create_proxy\njs.document.title = 'set by Python'\nseen = []\np = create_proxy(lambda event: seen.append(event.type))\njs.document.body.addEventListener('click', p)\njs.document.body.click()\nprint(seen, js.location.protocol)", 'allow="js"')) }, async ({ page }) => {
  assert.deepEqual(await run(page), { state: "done", output: "['click'] http:\n" });
  assert.equal(await page.evaluate(() => document.title), "set by Python");
});

test("a program that may not", { html: html(snippet("import js")) }, async ({ page }) => {
  assert.match((await run(page)).output, /ModuleNotFoundError: No module named 'js': this program may not use JavaScript\n$/);
});

test("the keyboard alone suffices", { page: "/index.html", browsers: ["chromium"] }, async ({ page }) => {
  await page.waitFor(() => !!customElements.get("python-shell"));
  const focused = () => page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return `${element?.localName}:${element?.getAttribute("aria-label") || element?.textContent?.trim().slice(0, 20) || ""}`;
  });
  const seen = [];
  for (let n = 0; n < 24; n++) {
    await page.press("Tab");
    seen.push(await focused());
    if (seen.at(-1) === "textarea:Python statement") {
      await page.type("6 * 7");
      await page.press("Enter");
      await page.waitFor(() => document.querySelector("python-shell").output.includes("\n42\n"));
    }
    // A textarea, or already CodeMirror.
    if (/^(textarea|div):Program: countdown/.test(seen.at(-1))) break;
  }
  assert.ok(seen[0].startsWith("a:To the shell"), seen.join("\n"));
  assert.ok(seen.includes("textarea:Python statement"), seen.join("\n"));
  assert.match(seen.at(-1), /^(textarea|div):Program: countdown/);
  await page.press("Control+Enter");
  await page.waitFor(() => document.querySelector("#countdown").output.includes("Lift-off!"));
});
