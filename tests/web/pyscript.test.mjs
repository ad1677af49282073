// The real PyScript (npm: @pyscript/core), unmodified, with its interpreter pointing at our pyodide.mjs: the examples of its documentation.
import fs from "node:fs";
import path from "node:path";
import { wheels } from "../js/wheel.mjs";
import { ROOT } from "./lib/server.mjs";
import { assert, test as declare } from "./lib/test.mjs";

const test = fs.existsSync(path.join(ROOT, "node_modules/@pyscript/core/dist/core.js")) ? declare : () => {};

const html = (body, config = {}) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>PyScript</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/node_modules/@pyscript/core/dist/core.css"><script type="module" src="/node_modules/@pyscript/core/dist/core.js"></script></head>
<body><py-config>${JSON.stringify({ interpreter: "/pkg/pyodide.mjs", ...config })}</py-config>${body}</body></html>`;

const printed = (page) => page.console.filter(({ type, text }) => type === "log" && !text.includes("PyScript Ready")).map(({ text }) => text);
const prints = async (page, lines) => {
  const end = Date.now() + 20000;
  while (printed(page).length < lines.length && Date.now() < end) {
    // WebKit's driver hears of messages when it is asked something.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
  }
  assert.deepEqual(printed(page), lines);
};

test("the page, its events and display()", {
  html: html(`<p id="out"></p><button id="sync">click</button><button id="later">click</button><div id="target"></div><script type="py">
from pyscript import HTML, display, document, when
document.querySelector("#out").textContent = "set by Python"
display("displayed", target="target")
display(HTML("<b id='bold'>bold</b>"), target="target")
@when("click", "#sync")
def clicked(event):
    document.querySelector("#out").innerText = "clicked: " + event.type
@when("click", "#later")
async def clicked_later(event):
    import asyncio
    await asyncio.sleep(0.01)
    document.querySelector("#out").innerText = "later: " + event.target.id
print("ready")
</script>`),
}, async ({ page }) => {
  await prints(page, ["ready"]);
  assert.equal(await page.text("#out"), "set by Python");
  assert.match(await page.text("#target"), /displayed\s+bold/);
  await page.click("#sync");
  await page.waitForText("#out", "clicked: click");
  await page.click("#later");
  await page.waitForText("#out", "later: later");
});

test("pyscript.web", {
  html: html(`<div id="x" class="a"></div><script type="py">
from pyscript import web, when
from pyscript.web import button, div, p, page
page.body.append(div(p("Hello", id="para"), button("go", id="go"), classes=["k"]))
page["#x"].classes.add("b")
count = 0
@when("click", "#go")
def go(event):
    global count
    count += 1
    page["#para"].textContent = f"clicked {count}"
page["#go"]._dom_element.click()
print(page["#para"].textContent, sorted(page["#x"].classes), len(page.find("button")))
</script>`),
}, async ({ page }) => prints(page, ["clicked 1 ['a', 'b'] 1"]));

test("files, fetch and storage", {
  pages: { "/data.txt": "some text", "/data.json": '{"a": [1, 2]}', "/mod.py": "VALUE = 'from a module'" },
  html: html(`<script type="py" async>
import mod
from pyscript import fetch, storage
print(mod.VALUE, open("d/data.txt").read())
print(await fetch("/data.txt").text(), (await (await fetch("/data.json")).json())["a"])
store = await storage("mine")
store["k"] = [1, 2]
await store.sync()
print(store["k"], "k" in store)
</script>`, { files: { "/data.txt": "./d/data.txt", "/mod.py": "./mod.py" } }),
}, async ({ page }) => prints(page, ["from a module some text", "some text [1, 2]", "[1, 2] True"]));

test("tasks, events, packages", {
  pages: Object.fromEntries(Object.entries(wheels).map(([name, wheel]) => [`/w/${name}`, wheel])),
  html: html(`<script type="py">
import asyncio, tiny
from pyscript import Event, when
event = Event()
@when(event)
def got(value): print("got", value)
event.trigger("hello")
async def background():
    await asyncio.sleep(0.05)
    print("background")
asyncio.create_task(background())
print("answer", tiny.answer)
</script>`, { packages: ["/w/tiny_helper-0.1-py3-none-any.whl", "/w/tiny-1.2-py3-none-any.whl"] }),
}, async ({ page }) => prints(page, ["got hello", "answer 21", "background"]));

test("an error is shown where the script stands", { html: html('<script type="py">1 / 0</script>'), allowErrors: true }, async ({ page }) => {
  await page.waitForText("body", "ZeroDivisionError: division by zero");
});

// WebKit's driver hears nothing of what workers print.
test("in a worker, and in its terminal and editor", {
  browsers: ["chromium", "firefox"],
  html: html(`<script type="py" worker>
from pyscript import RUNNING_IN_WORKER, document
import time
document.title = "from a worker"
time.sleep(0.1)
print(RUNNING_IN_WORKER, document.title)
</script><script type="py-editor" config='{"interpreter": "/pkg/pyodide.mjs"}'>print("from the editor", 6 * 7)</script>`),
  headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
}, async ({ page }) => {
  await prints(page, ["True from a worker"]);
  await page.waitForElement(".py-editor-run-button");
  await page.evaluate(() => document.querySelector(".py-editor-run-button").click());
  await page.waitForText(".py-editor-output", "from the editor 42");
});
