// Pages for the tests of the elements, and what the tests do in them.

/** A page with the elements loaded and this body. */
export function page(body, head = "") {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Test</title><link rel="icon" href="data:,">${head}
<script type="module" src="/pkg/elements.mjs"></script></head><body>${body}</body></html>`;
}

/** A snippet with this code and these attributes. */
export function snippet(code, attributes = "") {
  const text = code.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<python-snippet ${attributes}><pre><code>${text}</code></pre></python-snippet>`;
}

/** Clicks Run of the first snippet (or the one that the selector names) and waits until the program ended; returns its state and output. */
export async function run(page, selector = "python-snippet") {
  await page.waitFor((s) => !!customElements.get("python-snippet") && document.querySelector(s).code !== "", { args: [selector] });
  await page.click(`${selector} >>> .run`);
  return finished(page, selector);
}

/** Waits until the element's program has ended. */
export async function finished(page, selector = "python-snippet") {
  await page.waitFor((s) => ["done", "error", "stopped"].includes(document.querySelector(s).state), { args: [selector], what: "the end of the program", timeout: 20000 });
  return page.evaluate((s) => ({ state: document.querySelector(s).state, output: document.querySelector(s).output }), selector);
}

/** Waits for the shell to be ready, types a line and presses Enter. */
export async function enter(page, line) {
  await page.waitFor(() => ["idle", "done", "error", "stopped"].includes(document.querySelector("python-shell").state), { what: "the prompt" });
  if (line) await page.type(line);
  await page.press("Enter");
}

/** Waits until the shell's text contains this. */
export async function shows(page, text) {
  await page.waitFor((t) => document.querySelector("python-shell").output.includes(t), { args: [text], what: `the shell to show ${JSON.stringify(text)}` });
}

/**
 * Runs code in the first snippet on the page's thread while counting frames for a while, then presses Stop.
 * Returns frames per second, the milliseconds from Stop to the end, the state, and the number of nodes in the output.
 */
export async function runAndStop(page, code, milliseconds = 1500) {
  await page.waitFor(() => !!customElements.get("python-snippet"));
  return page.evaluate(measure, code, milliseconds);
}

async function measure(code, milliseconds) {
  const element = document.querySelector("python-snippet");
  element.code = code;
  const done = new Promise((resolve) => element.addEventListener("python-done", (event) => resolve(event.detail.result), { once: true }));
  void element.run();
  while (element.state !== "running") await new Promise((resolve) => setTimeout(resolve, 5));
  let frames = 0;
  const start = performance.now();
  await new Promise((resolve) => {
    const frame = () => {
      frames++;
      if (performance.now() - start < milliseconds) requestAnimationFrame(frame);
      else resolve();
    };
    requestAnimationFrame(frame);
  });
  const fps = (frames / (performance.now() - start)) * 1000;
  const button = element.shadowRoot.querySelector(".run");
  const pressed = performance.now();
  button.click();
  const result = await done;
  return {
    fps,
    stop: performance.now() - pressed,
    state: element.state,
    type: result.error?.type,
    memory: result.usage.memory,
    nodes: element.shadowRoot.querySelectorAll(".output *").length,
  };
}
