// The elements' attributes, events and properties, one by one, as docs/embedding.md lists them.
import { enter, finished, page as html, run, shows, snippet } from "./lib/pages.mjs";
import { assert, test } from "./lib/test.mjs";

const part = (element, name, text) => element.replace("</python-snippet>", `<template data-part="${name}">${text}</template></python-snippet>`);
const ready = (page) => page.waitFor(() => !!customElements.get("python-snippet") && document.querySelector("python-snippet").code !== "");

test("src, files and set-up by address", {
  html: html('<python-snippet src="/program.py" files="/data.txt" setup="/setup.py"></python-snippet>'),
  pages: { "/program.py": "print(prepared, open('/data.txt').read())\n1 / 0\n", "/data.txt": "from a file", "/setup.py": "prepared = 'prepared'\n" },
}, async ({ page }) => {
  const { state, output } = await run(page);
  assert.equal(state, "error");
  assert.match(output, /^prepared from a file\nTraceback .*\n {2}File "program\.py", line 2, in <module>\n/);
  assert.match(await page.text("python-snippet >>> .status"), /ZeroDivisionError in line 2/);
});

test("modes", {
  html: html(snippet("print('read')", 'id="readonly" mode="readonly"') + snippet("print('shown')", 'id="output" mode="output" autorun') + snippet("x = 41", 'id="shell" mode="shell"')),
}, async ({ page }) => {
  await finished(page, "#output");
  const seen = await page.evaluate(() => {
    const of = (id) => document.getElementById(id).shadowRoot;
    return [of("readonly").querySelector("textarea").readOnly, of("output").querySelector(".editor").checkVisibility(), document.getElementById("output").output];
  });
  assert.deepEqual(seen, [true, false, "shown\n"]);
  await run(page, "#readonly");
  await run(page, "#shell");
  const shell = await page.waitFor(() => !!document.getElementById("shell").shadowRoot.querySelector("python-shell"));
  assert.ok(shell);
  await page.focus("#shell >>> python-shell >>> textarea");
  await page.type("x + 1");
  await page.press("Enter");
  await page.waitFor(() => document.getElementById("shell").shadowRoot.querySelector("python-shell").output.includes("\n42\n"));
});

test("autorun and preload: at once, when visible, never", {
  html: html(`${snippet("print('at once')", 'id="now" autorun')}<div style="height: 4000px"></div>${snippet("print('seen')", 'id="later" autorun="visible"')}${snippet("1", 'id="preload" preload="visible"')}`),
}, async ({ page }) => {
  assert.deepEqual(await finished(page, "#now"), { state: "done", output: "at once\n" });
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(await page.evaluate(() => document.querySelector("#later").state), "idle");
  await page.evaluate(() => {
    window.ready = [];
    document.addEventListener("python-ready", (event) => window.ready.push(event.target.id));
    document.querySelector("#later").scrollIntoView();
  });
  assert.deepEqual(await finished(page, "#later"), { state: "done", output: "seen\n" });
  await page.evaluate(() => document.querySelector("#preload").scrollIntoView());
  await page.waitFor(() => window.ready.includes("preload"));
});

test("preload at once", { html: html(snippet("print(1)", 'preload="eager"')) }, async ({ page, server }) => {
  await ready(page);
  await page.waitFor(() => performance.getEntriesByType("resource").some((entry) => entry.name.endsWith(".wasm")));
  assert.equal(await page.evaluate(() => document.querySelector("python-snippet").state), "idle");
  assert.ok(server.requests.some((request) => request.path.endsWith("snakelet_bg.wasm")));
});

test("limits of memory and output", {
  html: html(snippet("x = 'x' * 30_000_000", 'id="small" memory="16"') + snippet("for n in range(500): print(n)", 'id="lines" output-limit="150"')),
}, async ({ page }) => {
  assert.match((await run(page, "#small")).output, /MemoryError/);
  const { output } = await run(page, "#lines");
  assert.ok(output.endsWith("498\n499\n") && output.split("\n").length < 300, output);
  assert.match(await page.text("#lines >>> .removed"), /^\d+ earlier lines are not shown$/);
});

test("files stay from one visit to the next, where that is allowed", {
  html: html(snippet("import os\nprint(open('notes.txt').read() if os.path.exists('notes.txt') else 'nothing')\nopen('notes.txt', 'a').write('note ')\nos.makedirs('deep', exist_ok=True)\nopen('deep/bytes', 'wb').write(bytes(range(256)))", 'id="kept" allow="fs"')
    + snippet("import os\nprint(os.listdir())", 'id="other"')),
}, async ({ page, url }) => {
  assert.equal((await run(page, "#kept")).output, "nothing\n");
  assert.equal((await run(page, "#kept")).output, "note \n");
  await page.goto(url);
  assert.equal((await run(page, "#kept")).output, "note note \n");
  await page.evaluate(() => (document.querySelector("#kept").code = "print(open('deep/bytes', 'rb').read() == bytes(range(256)))"));
  assert.equal((await run(page, "#kept")).output, "True\n");
  assert.equal((await run(page, "#other")).output, "[]\n");
});

test("checks by selector, with the difference and a hint", {
  html: html(`<script type="text/python" id="tests">assert double(4) == 8, 'double(4) should be 8'</script><pre id="wanted">1\n2</pre>
    ${part(snippet("def double(n): return n + n + 1", 'id="a" check="#tests"'), "hint", "Try <b>n * 2</b>.")}${snippet("print(1)\nprint(3)", 'id="b" expected="#wanted"')}`),
}, async ({ page }) => {
  await ready(page);
  const checked = (id) => page.evaluate(async (name) => {
    const { passed, message } = await document.getElementById(name).check();
    return { passed, message };
  }, id);
  assert.deepEqual(await checked("a"), { passed: false, message: "double(4) should be 8" });
  await page.click("#a >>> [part=hint-button]");
  await page.waitForText("#a >>> .hint b", "n * 2");
  await page.evaluate(() => (document.querySelector("#a").code = "def double(n): return n * 2"));
  assert.deepEqual(await checked("a"), { passed: true, message: "All tests passed." });
  assert.deepEqual(await checked("b"), { passed: false, message: "The output is not the expected one." });
  assert.match(await page.text("#b >>> .diff"), /2[^]*3|3[^]*2/);
});

test("every event, with what it tells", { html: html(`<section>${part(snippet("name = input('Who? ')\nprint(name)\n1 / 0", 'id="one"'), "check", "pass")}</section>`) }, async ({ page }) => {
  await ready(page);
  await page.evaluate(() => {
    window.seen = [];
    const tell = {
      "python-ready": ({ session }) => typeof session.run,
      "python-progress": ({ message }) => message,
      "python-run": ({ code }) => code.length,
      "python-output": ({ stream, text }) => `${stream} ${text.split("\n")[0]}`,
      "python-input": ({ prompt }) => prompt,
      "python-error": ({ error }) => `${error.type} ${error.frames.at(-1).line}`,
      "python-done": ({ result }) => result.error.message,
      "python-check": ({ passed, message }) => `${passed} ${message}`,
    };
    for (const type of Object.keys(tell)) document.querySelector("section").addEventListener(type, (event) => window.seen.push(`${type}: ${tell[type](event.detail)}`));
    void document.querySelector("#one").check();
  });
  await page.waitForElement("#one >>> .field");
  await page.type("Ada");
  await page.press("Enter");
  const seen = await page.waitFor(() => window.seen.some((text) => text.startsWith("python-check")) && window.seen);
  const once = [...new Set(seen)];
  for (const expected of [
    "python-run: 39", "python-progress: loading", "python-ready: function", "python-input: Who? ", "python-output: stdout Ada",
    "python-output: stderr Traceback (most recent call last):", "python-error: ZeroDivisionError 3", "python-done: division by zero",
    "python-check: false ZeroDivisionError: division by zero",
  ]) assert.ok(once.includes(expected), `${expected}\n${once.join("\n")}`);
});

test("roles, labels, sizes to touch, and a field in the flow", { html: html(snippet("input('Who? ')", 'id="one" label="Greeting" tools="copy download share fullscreen"') + "<python-shell></python-shell>") }, async ({ page }) => {
  await ready(page);
  await page.click("#one >>> .run");
  await page.waitForElement("#one >>> .field");
  const seen = await page.evaluate(() => {
    const root = document.querySelector("#one").shadowRoot;
    const field = root.querySelector(".field");
    const size = (element) => [element.localName, element.textContent, element.getBoundingClientRect()].map((item) => (item instanceof DOMRect ? Math.min(item.width, item.height) : item));
    const roots = [root, document.querySelector("python-shell").shadowRoot];
    return {
      log: root.querySelector('[role="log"]').contains(field),
      after: field.getBoundingClientRect().left > root.querySelector('[role="log"]').getBoundingClientRect().left + 20,
      label: field.getAttribute("aria-label"),
      name: root.querySelector("textarea").getAttribute("aria-label"),
      font: parseFloat(getComputedStyle(field).fontSize),
      status: root.querySelector('[role="status"]').textContent,
      small: roots.flatMap((root) => [...root.querySelectorAll("button, input")]).filter((element) => element.checkVisibility()).map(size).filter(([, , least]) => least < 24),
    };
  });
  assert.deepEqual(seen.small, []);
  assert.ok(seen.log && seen.after && seen.font >= 16, JSON.stringify(seen));
  assert.deepEqual([seen.label, seen.name, seen.status], ["Who?", "Greeting", "Waiting for input"]);
});

test("properties: code, state, result, output; reset", { html: html(snippet("print('a')\n40 + 2", 'id="one"')) }, async ({ page }) => {
  await ready(page);
  const seen = await page.evaluate(async () => {
    const element = document.querySelector("#one");
    const before = [element.state, element.result, element.output];
    const returned = await element.run();
    const after = [element.state, element.result === returned, element.result.value, element.output];
    element.code = "1 +";
    await element.run();
    const wrong = [element.state, element.result.error.type, element.code];
    await element.reset();
    return [before, after, wrong, [element.state, element.result, element.output, element.code]];
  });
  assert.deepEqual(seen.map((row) => row.map((item) => item ?? null)), [
    ["idle", null, ""], ["done", true, 42, "a\n"], ["error", "SyntaxError", "1 +"], ["idle", null, "", "print('a')\n40 + 2"],
  ]);
});

const shell = html("<python-shell autofocus></python-shell>");

test("the shell keeps its history across visits", { html: shell }, async ({ page, url }) => {
  await page.focus("python-shell >>> textarea");
  await enter(page, "kept = 'across visits'");
  await page.waitFor(() => document.querySelector("python-shell").state === "done");
  await page.goto(url);
  await page.waitFor(() => !!customElements.get("python-shell"));
  await page.focus("python-shell >>> textarea");
  await page.press("ArrowUp");
  assert.equal(await page.evaluate(() => document.querySelector("python-shell").code), "kept = 'across visits'");
});

test("the shell colours source and tracebacks; _ is the last value; help() asks", { html: shell }, async ({ page }) => {
  await page.focus("python-shell >>> textarea");
  await enter(page, "def f(n): return 'text', 1 / n");
  await enter(page, "");
  await enter(page, "f(0)");
  await shows(page, "ZeroDivisionError");
  const colours = await page.evaluate(() => {
    const root = document.querySelector("python-shell").shadowRoot;
    const entry = root.querySelector(".entry");
    const spans = [...entry.querySelectorAll("span")].map((span) => [span.textContent, getComputedStyle(span).color]);
    const find = (text) => spans.find(([word]) => word === text)?.[1];
    return [find("def"), find("'text'"), getComputedStyle(root.querySelector(".exception")).color, getComputedStyle(root.querySelector(".caret")).color];
  });
  assert.ok(colours.every(Boolean) && colours[0] !== colours[1], colours.join());
  await enter(page, "6 * 7");
  await shows(page, "\n42\n");
  await enter(page, "_ + 1");
  await shows(page, "\n43\n");
  await enter(page, "credits");
  await shows(page, "Snakelet is written in Rust");
  await enter(page, "help()");
  await page.waitForElement("python-shell >>> .field");
  await shows(page, "Welcome to Python 3.14's help utility!");
  await page.type("keywords");
  await page.press("Enter");
  await shows(page, "nonlocal");
  await page.waitForElement("python-shell >>> .field");
  await page.type("quit");
  await page.press("Enter");
  await page.waitFor(() => document.querySelector("python-shell").state === "done");
  await enter(page, "'back'");
  await shows(page, "'back'");
});

test("styled from outside: parts and custom properties", {
  html: html(snippet("print(1)"), "<style>python-snippet { --python-accent: rgb(10, 120, 20); --python-font-size: 20px } python-snippet::part(run) { text-transform: uppercase } python-snippet::part(output) { border: 3px solid rgb(1, 2, 3) }</style>"),
}, async ({ page }) => {
  await ready(page);
  await page.evaluate(() => document.querySelector("python-snippet").run().then(() => {}));
  // The button fades.
  await new Promise((resolve) => setTimeout(resolve, 400));
  const seen = await page.evaluate(() => {
    const root = document.querySelector("python-snippet").shadowRoot;
    const style = (selector) => getComputedStyle(root.querySelector(selector));
    return [style(".run").backgroundColor, style(".run").textTransform, style(".output").borderTopColor, style("textarea").fontSize];
  });
  assert.deepEqual(seen, ["rgb(10, 120, 20)", "uppercase", "rgb(1, 2, 3)", "20px"]);
});

test("forced colours, more contrast, less motion", { html: html(snippet("1 / 0") + "<python-shell></python-shell>"), browsers: ["chromium"] }, async ({ page }) => {
  await page.raw.emulateMedia({ forcedColors: "active", contrast: "more", reducedMotion: "reduce" });
  await run(page);
  const seen = await page.evaluate(() => {
    const root = document.querySelector("python-snippet").shadowRoot;
    const button = getComputedStyle(root.querySelector(".run"));
    return [button.transitionDuration, button.borderTopWidth !== "0px", root.querySelector(".run .icon").checkVisibility(), root.querySelectorAll(".line.bad").length];
  });
  assert.deepEqual(seen, ["0s", true, true, 1]);
});
