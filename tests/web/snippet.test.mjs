// <python-snippet>: running, input, sleeping, errors, stopping, sharing, keeping.
import { finished, page as html, run, runAndStop, snippet } from "./lib/pages.mjs";
import { assert, test } from "./lib/test.mjs";

test("runs and prints", { html: html(snippet("for i in range(3):\n    print('line', i)")) }, async ({ page }) => {
  assert.deepEqual(await run(page), { state: "done", output: "line 0\nline 1\nline 2\n" });
  assert.match(await page.text("python-snippet >>> .status"), /Done/);
});

test("asks for input after its prompt", { html: html(snippet("name = input('Name? ')\nprint('Hello', name)")) }, async ({ page }) => {
  await page.click("python-snippet >>> .run");
  await page.waitForElement("python-snippet >>> .field");
  assert.equal(await page.evaluate(() => document.querySelector("python-snippet").state), "waiting");
  await page.type("Ada");
  await page.press("Enter");
  assert.deepEqual(await finished(page), { state: "done", output: "Name? Ada\nHello Ada\n" });
});

test("sleeps, and prints meanwhile", { html: html(snippet("import time\nprint('one')\ntime.sleep(0.4)\nprint('two')")) }, async ({ page }) => {
  await page.click("python-snippet >>> .run");
  await page.waitFor(() => document.querySelector("python-snippet").output === "one\n");
  const start = Date.now();
  await finished(page);
  assert.ok(Date.now() - start < 1500);
  assert.equal(await page.evaluate(() => document.querySelector("python-snippet").output), "one\ntwo\n");
});

test("marks the failing line", { html: html(snippet("def f(x):\n    return 1 / x\n\nf(0)")) }, async ({ page }) => {
  const { state, output } = await run(page);
  assert.equal(state, "error");
  assert.match(output, /^Traceback \(most recent call last\):\n {2}File "<snippet>", line 4, in <module>\n {4}f\(0\)\n/);
  assert.match(output, /\nZeroDivisionError: division by zero\n$/);
  const marked = () => [...document.querySelector("python-snippet").shadowRoot.querySelectorAll("mark")].map((mark) => mark.textContent).join("");
  assert.equal(await page.evaluate(marked), "1 / x");
  assert.match(await page.text("python-snippet >>> .status"), /ZeroDivisionError in line 2/);
});

test("shows a SyntaxError", { html: html(snippet("print('a')\nif True\n    print('b')")) }, async ({ page }) => {
  const { state, output } = await run(page);
  assert.equal(state, "error");
  assert.match(output, /SyntaxError: expected ':'\n$/);
  assert.equal(await page.evaluate(() => document.querySelector("python-snippet").shadowRoot.querySelectorAll(".line.bad").length), 1);
});

// WebKit draws in software here, in processes that share the machine with the program.
const fewestFrames = { webkit: 10 };

for (const code of ["while True: pass", "sum(range(10**12))", "while True: 10**10**7", "while True: print(1)"]) {
  test(`${code}: the page stays alive and Stop works`, { html: html(snippet("", 'timelimit="60"')) }, async ({ page }) => {
    let best;
    // A busy machine may be late once.
    for (let attempt = 0; attempt < 3; attempt++) {
      const seen = await runAndStop(page, code);
      assert.equal(seen.state, "stopped");
      assert.equal(seen.type, "KeyboardInterrupt");
      assert.ok(seen.nodes < 2000, `${seen.nodes} nodes`);
      best = { fps: Math.max(seen.fps, best?.fps ?? 0), stop: Math.min(seen.stop, best?.stop ?? Infinity) };
      if (best.fps >= (fewestFrames[page.kind] ?? 30) && best.stop <= 100) return;
    }
    assert.fail(`${best.fps.toFixed(0)} frames a second, Stop took ${best.stop.toFixed(0)} ms`);
  });
}

test("printing for ever keeps memory flat", { html: html(snippet("", 'timelimit="60" output-limit="500"')), browsers: ["chromium"] }, async ({ page }) => {
  const first = await runAndStop(page, "while True: print(1)", 500);
  const second = await runAndStop(page, "while True: print(1)", 3000);
  assert.ok(second.nodes <= first.nodes + 20, `${first.nodes} and ${second.nodes} nodes`);
  assert.ok(second.memory < first.memory * 1.5 + 1e6, `${first.memory} and ${second.memory} bytes`);
  const lines = await page.evaluate(() => document.querySelector("python-snippet").output.split("\n").length);
  assert.ok(lines <= 700, `${lines} lines`);
});

test("a time limit ends the program", { html: html(snippet("while True: pass", 'timelimit="0.5"')) }, async ({ page }) => {
  const { state, output } = await run(page);
  assert.equal(state, "error");
  assert.match(output, /KeyboardInterrupt/);
});

test("a second Stop ends what catches the first", { html: html(snippet("")) }, async ({ page }) => {
  const code = "while True:\n    try:\n        while True: pass\n    except KeyboardInterrupt:\n        print('no')";
  await page.waitFor(() => !!customElements.get("python-snippet"));
  const state = await page.evaluate(async (text) => {
    const element = document.querySelector("python-snippet");
    element.code = text;
    const run = element.run();
    while (element.state !== "running") await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 200));
    element.stop();
    await new Promise((resolve) => setTimeout(resolve, 200));
    element.stop();
    await run;
    return [element.state, element.output];
  }, code);
  assert.deepEqual(state, ["stopped", "no\n"]);
});

test("snippets share a named session, and are isolated otherwise", {
  html: html(snippet("x = 5", 'id="a" session="s"') + snippet("print(x)", 'id="b" session="s"') + snippet("print(x)", 'id="c"')),
}, async ({ page }) => {
  await run(page, "#a");
  assert.equal((await run(page, "#b")).output, "5\n");
  assert.match((await run(page, "#c")).output, /NameError: name 'x' is not defined/);
});

test("hidden set-up, files and stdin", {
  html: html(`<script type="text/python" id="setup">secret = 40</script>${snippet("print(secret + 2)\nprint(open('data.txt').read())\nprint(input('? '))", `setup="#setup" files='{"data.txt": "from a file"}'`)
    .replace("</python-snippet>", '<template data-part="stdin">first line</template></python-snippet>')}`),
}, async ({ page }) => {
  assert.deepEqual(await run(page), { state: "done", output: "42\nfrom a file\n? first line\nfirst line\n" });
});

test("checks against expected output", {
  html: html(snippet("print(6 * 7)").replace("</python-snippet>", '<template data-part="expected">42</template></python-snippet>')),
}, async ({ page }) => {
  await page.waitFor(() => !!customElements.get("python-snippet"));
  const passed = await page.evaluate(async () => (await document.querySelector("python-snippet").check()).passed);
  assert.equal(passed, true);
});

test("edits run with Ctrl-Enter, persist and can be reset", { html: html(snippet("print(1)", 'persist="test"')) }, async ({ page, url }) => {
  await page.focus("python-snippet >>> textarea");
  await page.press("Control+a");
  await page.type("if True:");
  await page.press("Enter");
  await page.type("print('edited')");
  await page.press("Control+Enter");
  assert.equal((await finished(page)).output, "edited\n");
  await new Promise((resolve) => setTimeout(resolve, 500));
  await page.goto(url);
  await page.waitFor(() => document.querySelector("python-snippet")?.code === "if True:\n    print('edited')");
  await page.click("python-snippet >>> .reset");
  await page.waitFor(() => document.querySelector("python-snippet").code === "print(1)");
});

test("nothing is downloaded before the first run", { html: html(snippet("print(1)")) }, async ({ page, server }) => {
  await page.waitFor(() => !!customElements.get("python-snippet"));
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(server.requests.some((request) => request.path.endsWith(".wasm")), false);
  await run(page);
  assert.equal(server.requests.some((request) => request.path.endsWith(".wasm")), true);
});

test("program text is never HTML", { html: html(snippet("print('<img src=x onerror=alert(1)><b>bold</b>')")) }, async ({ page }) => {
  assert.equal((await run(page)).output, "<img src=x onerror=alert(1)><b>bold</b>\n");
  assert.equal(await page.evaluate(() => document.querySelector("python-snippet").shadowRoot.querySelectorAll("img, b").length), 0);
});

test("events bubble and say what happened", { html: html(snippet("print('hi')\n1 / 0")) }, async ({ page }) => {
  await page.waitFor(() => !!customElements.get("python-snippet"));
  const events = await page.evaluate(async () => {
    const seen = [];
    for (const type of ["run", "ready", "output", "error", "done"]) document.addEventListener(`python-${type}`, () => seen.push(type));
    await document.querySelector("python-snippet").run();
    return [...new Set(seen)];
  });
  assert.deepEqual(events, ["run", "ready", "output", "error", "done"]);
});

const inFocus = (page) => page.evaluate(() => {
  const element = document.querySelector("python-snippet").shadowRoot.activeElement;
  return element?.matches(".cm-content") ? "editor" : element?.localName;
});

test("Escape, then Tab leaves the editor", { html: html(snippet("print(1)")) }, async ({ page }) => {
  await page.focus("python-snippet >>> textarea");
  await page.waitForElement("python-snippet >>> .cm-content");
  await page.press("Tab");
  assert.equal(await inFocus(page), "editor");
  await page.press("Escape");
  await page.press("Tab");
  assert.equal(await inFocus(page), "button");
  await page.press("Shift+Tab");
  assert.equal(await inFocus(page), "editor");
  await page.press("Escape");
  await page.press("x");
  await page.press("Tab");
  assert.equal(await inFocus(page), "editor");
  assert.equal((await page.evaluate(() => document.querySelector("python-snippet").code)).replaceAll(" ", ""), "print(1)x");
});

test("the textarea does where CodeMirror cannot be loaded", { html: html(snippet("print(1)")), allowErrors: true }, async ({ page, server }) => {
  server.pages["/pkg/editor.mjs"] = "not there";
  await page.focus("python-snippet >>> textarea");
  await page.press("Tab");
  assert.equal(await inFocus(page), "textarea");
  await page.press("Control+a");
  await page.type("if 1:");
  await page.press("Enter");
  await page.type("print('plain')");
  await page.press("Control+Enter");
  assert.equal((await finished(page)).output, "plain\n");
  await page.press("Escape");
  await page.press("Tab");
  assert.equal(await inFocus(page), "button");
});

test("CodeMirror comes with the focus", { html: html(snippet("value = 'one'\nprint(value)")) }, async ({ page, server }) => {
  await page.waitFor(() => document.querySelector("python-snippet").code !== "");
  const isLoaded = () => server.requests.some((request) => request.path === "/pkg/editor.mjs");
  const box = () => page.evaluate(() => {
    const { width, height } = document.querySelector("python-snippet").getBoundingClientRect();
    return [width, height].map(Math.round);
  });
  const code = () => page.evaluate(() => document.querySelector("python-snippet").code);
  assert.equal((await run(page)).output, "one\n");
  assert.equal(isLoaded(), false);
  const before = await box();
  await page.click("python-snippet >>> textarea");
  await page.waitForElement("python-snippet >>> .cm-content");
  assert.equal(isLoaded(), true);
  assert.equal(await inFocus(page), "editor");
  // WebKit rounds the height of lines to whole pixels in one and not in the other.
  const after = await box();
  assert.ok(after.every((size, index) => Math.abs(size - before[index]) <= 1), `${before} and ${after}`);
  await page.press("Control+End");
  await page.press("Enter");
  await page.type("for letter in value:");
  await page.press("Enter");
  await page.type("1 / 0");
  assert.equal(await code(), "value = 'one'\nprint(value)\nfor letter in value:\n    1 / 0");
  await page.press("Control+Enter");
  assert.equal((await finished(page)).state, "error");
  const marked = await page.evaluate(() => {
    const root = document.querySelector("python-snippet").shadowRoot;
    return [...root.querySelectorAll(".cm-line.bad, .cm-line mark, .cm-gutterElement.bad")].map((element) => element.textContent);
  });
  assert.deepEqual(marked, ["4", "    1 / 0", "1 / 0"]);
  // Later: not one step of undo with the typing.
  await new Promise((resolve) => setTimeout(resolve, 700));
  await page.press("Control+/");
  assert.ok((await code()).endsWith("\n    # 1 / 0"));
  assert.equal(await page.evaluate(() => document.querySelector("python-snippet").shadowRoot.querySelectorAll(".cm-line mark").length), 0);
  await page.press("Control+z");
  assert.ok((await code()).endsWith("\n    1 / 0"));
  await page.press("Enter");
  await page.type("value.");
  await page.waitForText("python-snippet >>> .cm-tooltip-autocomplete", "capitalize");
  await page.type("upp");
  // What is accepted at once was not meant.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await page.press("Tab");
  await page.waitFor(() => document.querySelector("python-snippet").code.endsWith("    value.upper("));
  await page.click("python-snippet >>> .reset");
  assert.equal(await code(), "value = 'one'\nprint(value)");
});

test("everything is printed, also what the editor has not drawn", { html: html(snippet(Array.from({ length: 150 }, (_, n) => `print(${n})`).join("\n"), 'theme="dark"')), browsers: ["chromium"] }, async ({ page }) => {
  await page.waitFor(() => document.querySelector("python-snippet").code !== "");
  await page.click("python-snippet >>> textarea");
  await page.waitForElement("python-snippet >>> .cm-content");
  await page.press("Control+Home");
  await page.type("# edited\n");
  await page.raw.emulateMedia({ media: "print" });
  await page.waitFor(() => document.querySelector("python-snippet").shadowRoot.querySelector(".line").textContent === "# edited");
  const printed = await page.evaluate(() => {
    const root = document.querySelector("python-snippet").shadowRoot;
    const shown = [...root.querySelectorAll(".line")].filter((line) => line.checkVisibility());
    return [shown.length, shown[0].textContent, shown.at(-1).textContent, root.querySelector(".bar").checkVisibility(), root.querySelector(".cm-editor").checkVisibility(), getComputedStyle(root.querySelector(".frame")).backgroundColor];
  });
  assert.deepEqual(printed, [151, "# edited", "print(149)", false, false, "rgb(255, 255, 255)"]);
});

test("the solution, the full screen, themes", {
  html: html(snippet("print(1)", 'id="a" tools="fullscreen"').replace("</python-snippet>", '<template data-part="solution">print(2)</template></python-snippet>') + snippet("print(2)", 'id="b" theme="dark"')),
  browsers: ["chromium"],
}, async ({ page }) => {
  await page.waitFor(() => document.querySelector("#b").code !== "");
  await page.click("#a >>> [part=solution-button]");
  assert.equal(await page.evaluate(() => document.querySelector("#a").code), "print(2)");
  await page.waitForElement("#a >>> .cm-content");
  await page.click("#a >>> .tool");
  await page.waitFor(() => document.fullscreenElement?.id === "a");
  const height = await page.evaluate(() => document.querySelector("#a").shadowRoot.querySelector(".frame").getBoundingClientRect().height / innerHeight);
  assert.ok(height > 0.9, `${height} of the screen`);
  await page.click("#a >>> .tool");
  await page.waitFor(() => !document.fullscreenElement);
  const colours = await page.evaluate(() => ["a", "b"].map((id) => getComputedStyle(document.getElementById(id).shadowRoot.querySelector(".frame")).backgroundColor));
  assert.deepEqual(colours, ["rgb(255, 255, 255)", "rgb(22, 25, 31)"]);
});
