// <python-shell>: typing, blocks, history, completion, paste, input, interrupting, leaving.
import { enter, page as html, shows } from "./lib/pages.mjs";
import { assert, test } from "./lib/test.mjs";

const shell = html('<python-shell autofocus></python-shell>');
const area = "python-shell >>> textarea";
const output = (page) => page.evaluate(() => document.querySelector("python-shell").output);

test("evaluates and prints", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await enter(page, "6 * 7");
  await shows(page, "42");
  await enter(page, "x = 'Ada'");
  await enter(page, "x");
  await shows(page, "'Ada'");
  await enter(page, "print('hello', x)");
  await shows(page, "hello Ada");
  assert.match(await output(page), /^Python 3\.14 .*\nType "help"/);
});

test("takes a block with automatic indentation", { html: shell }, async ({ page }) => {
  await page.focus(area);
  for (const line of ["def double(n):", "return n * 2", ""]) await enter(page, line);
  await enter(page, "double(21)");
  await shows(page, "42");
  for (const line of ["for i in range(3):", "print('line', i)", ""]) await enter(page, line);
  await shows(page, "line 0\nline 1\nline 2\n");
});

test("shows a traceback and goes on", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await enter(page, "1 / 0");
  await shows(page, 'Traceback (most recent call last):\n  File "<python-input-0>", line 1, in <module>\n    1 / 0\n    ~~^~~');
  await shows(page, "ZeroDivisionError: division by zero\n");
  await enter(page, "x = = 1");
  await shows(page, "SyntaxError: invalid syntax");
  await enter(page, "'still ' + 'here'");
  await shows(page, "'still here'");
});

test("runs a pasted program of several statements", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await page.waitFor(() => document.querySelector("python-shell").state === "idle");
  await page.evaluate(() => {
    document.querySelector("python-shell").code = "def f(n):\n    return 1 / n\n\nprint('first')\nf(1); f(2)\nf(4)\n";
    void document.querySelector("python-shell").run();
  });
  await shows(page, "first\n0.25\n");
  await enter(page, "f(0)");
  await shows(page, 'File "<python-input-0>", line 2, in f\n    return 1 / n\n           ~~^~~');
});

test("recalls history and completes names", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await enter(page, "answer_of_everything = 42");
  await enter(page, "answer_o");
  await shows(page, "NameError");
  await page.press("ArrowUp");
  await page.press("ArrowUp");
  assert.equal(await page.evaluate(() => document.querySelector("python-shell").code), "answer_of_everything = 42");
  await page.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.querySelector("python-shell").code), "answer_o");
  await page.press("Tab");
  await page.waitFor(() => document.querySelector("python-shell").code === "answer_of_everything");
  await enter(page, "");
  await shows(page, "\n42\n");
});

test("asks for input in the flow", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await enter(page, "name = input('Who? ')");
  await page.waitForElement("python-shell >>> .field");
  await page.type("Grace");
  await page.press("Enter");
  await enter(page, "name");
  await shows(page, "Who? Grace\n");
  await shows(page, "'Grace'");
});

test("Ctrl-C interrupts, Ctrl-L clears, Ctrl-D leaves", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await enter(page, "while True: pass");
  await page.press("Enter");
  await page.waitFor(() => document.querySelector("python-shell").state === "running");
  await page.press("Control+c");
  await shows(page, "KeyboardInterrupt");
  await page.press("Control+l");
  assert.equal(await output(page), "");
  await page.press("Control+d");
  await shows(page, "The session has ended");
  await page.press("Enter");
  await shows(page, "Python 3.14");
  await enter(page, "1 + 1");
  await shows(page, "\n2\n");
});

test("pasted sessions lose their prompts and run", { html: shell }, async ({ page }) => {
  await page.waitForElement(area);
  const paste = (text) => page.evaluate((t) => {
    const area = document.querySelector("python-shell").shadowRoot.querySelector("textarea");
    area.focus();
    const data = new DataTransfer();
    data.setData("text/plain", t);
    area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, dataType: "text/plain", data: t, bubbles: true, cancelable: true }));
  }, text);
  await paste(">>> a = 20\n>>> def f(n):\n...     return n + 1\n...\n>>> f(a)\n21\n>>> a * 2\n40\n");
  await shows(page, "\n21\n");
  await shows(page, "\n40\n");
  await page.waitFor(() => document.querySelector("python-shell").state === "done");
  // Some pages print >>> before every line.
  await paste(">>> def g(n):\n>>>     while n < 3:\n>>>         print('n is', n)\n>>>         n = n + 1\n>>> g(1)\nn is 1\n");
  await shows(page, "n is 1\nn is 2\n");
});

test("Ctrl-R searches the history", { html: shell }, async ({ page }) => {
  await page.focus(area);
  for (const line of ["alpha = 1", "beta = 2", "alphabet = 3", "gamma = 4"]) await enter(page, line);
  await page.waitFor(() => document.querySelector("python-shell").state === "done");
  const code = () => page.evaluate(() => document.querySelector("python-shell").code);
  await page.press("Control+r");
  await page.type("alpha");
  assert.equal(await code(), "alphabet = 3");
  await page.press("Control+r");
  assert.equal(await code(), "alpha = 1");
  await page.press("Escape");
  assert.equal(await code(), "");
  await page.press("Control+r");
  await page.type("bet");
  await page.press("Enter");
  assert.equal(await code(), "alphabet = 3");
});

test("hints at a call's parameters", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await enter(page, "def area(width, height=1, *, unit='m'): return width * height");
  await enter(page, "");
  await enter(page, "1");
  await shows(page, "1\n");
  await page.type("area(2, ");
  await page.waitForText("python-shell >>> .signature", "area(width, height=..., *, unit=...)");
  await page.press("Control+u");
  await page.type("'a'.join(");
});

test("threads go on while the prompt waits", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await enter(page, "import threading, time");
  await enter(page, "t = threading.Thread(target=lambda: (time.sleep(0.4), print('from behind')), daemon=True); t.start()");
  await page.waitFor(() => document.querySelector("python-shell").state === "done");
  await page.type("1 +");
  await shows(page, "from behind");
  assert.equal(await page.evaluate(() => document.querySelector("python-shell").code), "1 +");
});

test("asyncio's tasks go on while the prompt waits", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await enter(page, "import asyncio");
  for (const line of ["async def tick(name, count):", "for n in range(count):", "await asyncio.sleep(0.1)", "print(name, n)", "", ""]) await enter(page, line);
  await page.press("Control+u");
  // The loop runs already, as in `python -m asyncio`.
  await enter(page, "task = asyncio.create_task(tick('quiet', 3))");
  await page.waitFor(() => document.querySelector("python-shell").state === "done");
  await page.type("1 +");
  await shows(page, "quiet 0\nquiet 1\nquiet 2\n");
  assert.equal(await page.evaluate(() => document.querySelector("python-shell").code), "1 +");
  await page.type(" 1");
  await page.press("Enter");
  await shows(page, "\n2\n");
  await enter(page, "task.done()");
  await shows(page, "\nTrue\n");
  // What is awaited at the prompt runs beside the tasks that are there.
  await enter(page, "task = asyncio.create_task(tick('beside', 2)); await tick('awaited', 2); await task");
  await shows(page, "awaited 0\nbeside 0\nawaited 1\n");
  // asyncio.run() is no mistake here.
  await enter(page, "asyncio.run(asyncio.sleep(0, 'a loop of its own'))");
  await shows(page, "'a loop of its own'");
  await enter(page, "await asyncio.sleep(60)");
  await page.waitFor(() => document.querySelector("python-shell").state === "running");
  await page.press("Control+c");
  await shows(page, "KeyboardInterrupt");
  assert.ok(!(await output(page)).includes("runners.py"));
  await enter(page, "task = asyncio.create_task(tick('later', 1))");
  await shows(page, "later 0\n");
});

test("a task that never waits is ended by Ctrl-C", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await enter(page, "import asyncio");
  for (const line of ["async def busy():", "while True: pass", "", ""]) await enter(page, line);
  await enter(page, "task = asyncio.create_task(busy())");
  await page.waitFor(() => document.querySelector("python-shell").state === "done");
  await enter(page, "'not run'");
  await page.waitFor(() => document.querySelector("python-shell").state === "running");
  await page.press("Control+c");
  await shows(page, "\nKeyboardInterrupt\n");
  assert.ok(!(await output(page)).includes("\n'not run'"));
  await enter(page, "task.done(), 6 * 7");
  await shows(page, "(True, 42)");
});

test("a pasted program awaits", { html: shell }, async ({ page }) => {
  await page.waitForElement(area);
  await page.evaluate(() => {
    document.querySelector("python-shell").code = "import asyncio\nawait asyncio.sleep(0.01)\nprint('slept')\n1 + 1";
    void document.querySelector("python-shell").run();
  });
  await shows(page, "slept\n2\n");
});

test("a comment is no statement, await works, what is copied has no prompts", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await enter(page, "# nothing");
  await enter(page, "async def f(): return 'awaited'");
  await enter(page, "");
  await enter(page, "await f()");
  await shows(page, "'awaited'");
  assert.ok(!(await output(page)).includes("Error"));
  const copied = await page.evaluate(() => {
    const entry = document.querySelector("python-shell").shadowRoot.querySelectorAll(".entry")[1];
    return entry.innerText;
  });
  assert.ok(!copied.includes(">>>"));
});

test("thousands of lines do not slow the prompt down", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await enter(page, "for n in range(9000): print(n)");
  await enter(page, "");
  await page.waitFor(() => document.querySelector("python-shell").output.includes("\n8999\n") && document.querySelector("python-shell").state === "done");
  const took = await page.evaluate(async () => {
    const element = document.querySelector("python-shell");
    const start = performance.now();
    for (let n = 0; n < 20; n++) await element.run(`${n}`);
    return (performance.now() - start) / 20;
  });
  assert.ok(took < 200, `${took} ms for a statement`);
});

test("exit, clear and help are words of the shell", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await enter(page, "1 + 1");
  await shows(page, "2\n");
  await enter(page, "clear");
  await page.waitFor(() => !document.querySelector("python-shell").output.includes("1 + 1"));
  await enter(page, "clear = 5");
  await enter(page, "clear");
  await shows(page, "5\n");
  await enter(page, "help(len)");
  await shows(page, "Help on built-in function len");
  await enter(page, "exit");
  await shows(page, "The session has ended.");
});

test("what is typed ahead is entered line by line", { html: shell }, async ({ page }) => {
  await page.focus(area);
  // The first lines are typed while Python is still being loaded, without a look at the page.
  for (const line of ["import time", "time.sleep(0.3)", "def f(n):", "if n:", "return n * 2", "", "f(21)", "for i in range(2):", "print('i is', i)", "", "f('ab')"]) {
    await page.type(line);
    await page.press("Enter");
  }
  await shows(page, "\n42\n");
  await shows(page, "i is 0\ni is 1\n");
  await shows(page, "'abab'\n");
  assert.ok(!(await output(page)).includes("Error"));
  await enter(page, "while True: pass");
  await page.press("Enter");
  await page.waitFor(() => document.querySelector("python-shell").state === "running");
  await page.type("1 + ");
  await page.press("Enter");
  await page.press("Control+c");
  await shows(page, "KeyboardInterrupt");
  assert.equal(await page.evaluate(() => document.querySelector("python-shell").code), "");
  await enter(page, "2 ** 10");
  await shows(page, "\n1024\n");
});

test("modules are completed, loaded or not, and their names", { html: shell }, async ({ page }) => {
  await page.focus(area);
  await enter(page, "1");
  await shows(page, "1\n");
  const completed = async (typed) => {
    await page.press("Control+u");
    await page.type(typed);
    await page.press("Tab");
    await page.waitFor(() => !document.querySelector("python-shell").shadowRoot.querySelector(".choices").hidden);
    return page.evaluate(() => [...document.querySelector("python-shell").shadowRoot.querySelectorAll(".choice")].map((choice) => choice.textContent));
  };
  assert.deepEqual(await completed("import ma"), ["mailbox", "marshal", "math"]);
  assert.deepEqual(await completed("from json."), ["decoder", "encoder", "scanner", "tool"]);
  await page.press("Control+u");
  await enter(page, "import math");
  await enter(page, "2");
  await shows(page, "2\n");
  assert.deepEqual(await completed("from math import pi, sin"), ["sin", "sinh"]);
});
