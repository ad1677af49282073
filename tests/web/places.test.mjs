// Where the package must run: strict content security policies, sandboxed frames, workers, foreign origins; and without a mouse.
import { page as html, run, snippet } from "./lib/pages.mjs";
import { assert, test } from "./lib/test.mjs";

const hello = snippet("import time\ntime.sleep(0.05)\nprint('hello')");

test("under a content security policy without eval", {
  html: html(hello),
  headers: { "Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:" },
}, async ({ page }) => {
  assert.deepEqual(await run(page), { state: "done", output: "hello\n" });
  await page.click("python-snippet >>> textarea");
  await page.waitForElement("python-snippet >>> .cm-content");
  await page.press("Control+a");
  await page.type("print('edited')");
  assert.deepEqual(await run(page), { state: "done", output: "edited\n" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("python-snippet").shadowRoot.querySelector(".cm-line")).paddingRight), "16px");
});

test("in a sandboxed frame", { headers: { "Access-Control-Allow-Origin": "*" } }, async ({ page, server }) => {
  server.pages["/inner.html"] = html(`${hello}<script type="module">
    import "/pkg/elements.mjs";
    const element = document.querySelector("python-snippet");
    const result = await element.run();
    parent.postMessage({ output: element.output, error: result.error?.message ?? null }, "*");
  </script>`);
  const answer = await page.evaluate(() => new Promise((resolve) => {
    addEventListener("message", (event) => resolve(event.data));
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.src = "/inner.html";
    document.body.append(frame);
  }));
  assert.deepEqual(answer, { output: "hello\n", error: null });
});

const script = async (worker, base) => {
  const { createRuntime } = await import(`${base}/pkg/snakelet.mjs`);
  const runtime = await createRuntime({ worker });
  let text = "";
  const session = runtime.createSession({ stdout: (part) => void (text += part), stderr() {}, input: async (prompt) => `answer to ${prompt}` });
  const result = await session.run("print(input('q'))\n[1, {'a': 2.5}, (3,)]");
  setTimeout(() => session.stop(), 200);
  const started = performance.now();
  const stopped = await session.run("while True: pass");
  const time = performance.now() - started;
  runtime.dispose();
  return { text, value: result.value, stopped: stopped.error?.type, soon: time < 1500 };
};
const expected = { text: "answer to q\n", value: [1, { a: 2.5 }, [3]], stopped: "KeyboardInterrupt", soon: true };

test("through the API on the page's thread", {}, async ({ page, server }) => {
  assert.deepEqual(await page.evaluate(script, false, server.url), expected);
});

test("through the API in a worker", {}, async ({ page, server }) => {
  assert.deepEqual(await page.evaluate(script, true, server.url), expected);
});

test("in a worker from another origin", { headers: { "Access-Control-Allow-Origin": "*" } }, async ({ page, server }) => {
  // localhost and 127.0.0.1 are different origins.
  const other = server.url.replace("localhost", "127.0.0.1");
  assert.deepEqual(await page.evaluate(script, true, other), expected);
});

test("pyodide.mjs in a page", {}, async ({ page, server }) => {
  const result = await page.evaluate(async (base) => {
    const { loadPyodide } = await import(`${base}/pkg/pyodide.mjs`);
    const lines = [];
    const pyodide = await loadPyodide({ stdout: (line) => lines.push(line) });
    pyodide.globals.set("x", 20);
    const sync = pyodide.runPython("print('sync')\nx + 1");
    const later = await pyodide.runPythonAsync("import time\ntime.sleep(0.05)\nprint('async')\nx + 2");
    return { lines, sync, later };
  }, server.url);
  assert.deepEqual(result, { lines: ["sync", "async"], sync: 21, later: 22 });
});

test("a folder of pyodide.mjs kept in IndexedDB", {}, async ({ page, url }) => {
  const visit = (write) => page.evaluate(async (text) => {
    const { loadPyodide } = await import("/pkg/pyodide.mjs");
    const { FS } = await loadPyodide();
    FS.mkdirTree("/kept");
    FS.mount(FS.filesystems.IDBFS, {}, "/kept");
    const sync = (populate) => new Promise((resolve, reject) => FS.syncfs(populate, (error) => (error ? reject(error) : resolve())));
    await sync(true);
    const before = FS.analyzePath("/kept/deep/a.txt").exists ? FS.readFile("/kept/deep/a.txt", { encoding: "utf8" }) : "";
    FS.mkdirTree("/kept/deep");
    FS.writeFile("/kept/deep/a.txt", before + text);
    await sync(false);
    return before;
  }, write);
  assert.equal(await visit("first "), "");
  await page.goto(url);
  assert.equal(await visit("second "), "first ");
  await page.goto(url);
  assert.equal(await visit(""), "first second ");
});

test("the shell page works", { page: "/index.html" }, async ({ page }) => {
  await page.waitFor(() => !!customElements.get("python-shell"));
  const states = await page.evaluate(async () => {
    const [first] = document.querySelectorAll("python-snippet");
    await first.run();
    return [first.state, first.output.split("\n").at(-2)];
  });
  assert.deepEqual(states, ["done", "Lift-off!"]);
});

test("the elements from another origin", { headers: { "Access-Control-Allow-Origin": "*" } }, async ({ page, server }) => {
  const other = server.url.replace("localhost", "127.0.0.1");
  server.pages["/cdn.html"] = html(hello).replace('src="/pkg', `src="${other}/pkg`);
  await page.goto(`${server.url}/cdn.html`);
  assert.deepEqual(await run(page), { state: "done", output: "hello\n" });
  await page.click("python-snippet >>> textarea");
  await page.waitForElement("python-snippet >>> .cm-content");
});

test("shell and editor in a sandboxed frame, without storage", { headers: { "Access-Control-Allow-Origin": "*" } }, async ({ page, server }) => {
  server.pages["/inner.html"] = html(snippet("print('framed')", 'persist="kept" tools="copy share"') + "<python-shell></python-shell>").replace("</body>", `<script type="module">
    import "/pkg/elements.mjs";
    const snippet = document.querySelector("python-snippet"), shell = document.querySelector("python-shell");
    const area = snippet.shadowRoot.querySelector("textarea");
    area.focus();
    // WebKit gives a frame no focus that nobody clicked.
    if (!document.hasFocus()) area.dispatchEvent(new FocusEvent("focus"));
    await snippet.run();
    await shell.run("6 * 7");
    while (!snippet.shadowRoot.querySelector(".cm-content")) await new Promise((resolve) => setTimeout(resolve, 20));
    parent.postMessage([snippet.output, shell.output.trim().split("\\n").at(-1)], "*");
  </script></body>`);
  const answer = await page.evaluate(() => new Promise((resolve) => {
    addEventListener("message", (event) => resolve(event.data));
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.src = "/inner.html";
    document.body.append(frame);
  }));
  assert.deepEqual(answer, ["framed\n", "42"]);
});
