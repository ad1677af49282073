// One small interface over three drivers: Chromium through playwright-core, Firefox through puppeteer-core (WebDriver BiDi), WebKit
// through its own driver. All use the browsers that the system has; nothing is downloaded. A selector's parts are joined by `>>>` where it enters
// an open shadow root: "python-shell >>> textarea".
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { findMiniBrowser, openWebKit } from "./webkit.mjs";

const CHROMIUM_FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const PROGRAMS = { chromium: ["chromium", "chromium-browser", "google-chrome"], firefox: ["firefox-esr", "firefox"], webkit: ["WebKitWebDriver"] };
const PACKAGES = { chromium: "chromium", firefox: "firefox-esr", webkit: "webkit2gtk-driver xvfb" };

/** Every kind of browser. */
export const KINDS = Object.keys(PROGRAMS);

/** The path of an installed browser (WebKit: of its driver), or null. SNAKELET_CHROMIUM, SNAKELET_FIREFOX and SNAKELET_WEBKIT override. */
export function findBrowser(kind) {
  const given = process.env[`SNAKELET_${kind.toUpperCase()}`];
  if (given) return given;
  if (kind === "webkit" && !findMiniBrowser()) return null;
  for (const name of PROGRAMS[kind]) {
    for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
      const file = path.join(folder, name);
      if (fs.existsSync(file)) return file;
    }
  }
  return null;
}

/** "Chromium 156.0.1" or the like. */
export function browserVersion(kind) {
  try {
    return execFileSync(findBrowser(kind), ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim().split("\n").pop();
  } catch {
    return kind;
  }
}

/** Starts "chromium", "firefox" or "webkit" headless with a fresh profile. */
export async function openBrowser(kind = "chromium") {
  const executablePath = findBrowser(kind);
  if (!executablePath) throw new Error(`${kind} is not installed: apt-get install ${PACKAGES[kind]}`);
  if (kind === "webkit") {
    const browser = await openWebKit(executablePath);
    return { ...browser, kind, newPage: async () => new Page("webkit", await browser.newRaw()) };
  }
  return kind === "chromium" ? openChromium(executablePath) : openFirefox(executablePath);
}

async function openChromium(executablePath) {
  const { chromium } = await import("playwright-core");
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "snakelet-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath, headless: true, args: CHROMIUM_FLAGS, viewport: { width: 1000, height: 800 },
  });
  return {
    kind: "chromium",
    version: browserVersion("chromium"),
    context,
    newPage: async () => new Page("chromium", await context.newPage()),
    close: async () => {
      await context.close();
      fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function openFirefox(executablePath) {
  const { default: puppeteer } = await import("puppeteer-core");
  const browser = await puppeteer.launch({
    browser: "firefox", executablePath, headless: true, defaultViewport: { width: 1000, height: 800 },
    extraPrefsFirefox: { "app.update.enabled": false, "datareporting.policy.dataSubmissionEnabled": false },
  });
  return {
    kind: "firefox",
    version: browserVersion("firefox"),
    browser,
    newPage: async () => new Page("firefox", await browser.newPage()),
    close: () => browser.close(),
  };
}

/** A page: the few operations that the tests need, the same in all browsers. `raw` is the driver's own page. */
class Page {
  constructor(kind, raw) {
    this.kind = kind;
    this.raw = raw;
    /** Every console message so far: `{ type, text }`. */
    this.console = [];
    /** Uncaught errors of the page, as text. */
    this.errors = [];
    raw.on("console", (message) => this.console.push({ type: message.type(), text: message.text() }));
    raw.on("pageerror", (error) => this.errors.push(String(error?.stack ?? error)));
  }

  async goto(url) { await this.raw.goto(url, { waitUntil: "load" }); }

  /** Runs a function in the page with JSON arguments and returns its (awaited) JSON result. */
  async evaluate(run, ...args) {
    if (this.kind === "firefox") return this.raw.evaluate(run, ...args);
    const source = typeof run === "string" ? run : `(${run})(...${JSON.stringify(args)})`;
    return this.raw.evaluate(source);
  }

  /** Waits until the function, run in the page with these arguments, returns something true; returns that. */
  async waitFor(run, { args = [], timeout = 15000, what = String(run) } = {}) {
    const end = Date.now() + timeout;
    for (;;) {
      const value = await this.evaluate(run, ...args);
      if (value) return value;
      if (Date.now() > end) throw new Error(`waited ${timeout} ms for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Waits until the element exists. */
  async waitForElement(selector, options = {}) {
    await this.waitFor(exists, { args: [selector], what: `element ${selector}`, ...options });
  }

  /** Waits until the element's text contains `text`. */
  async waitForText(selector, text, options = {}) {
    await this.waitFor(contains, { args: [selector, text], what: `${JSON.stringify(text)} in ${selector}`, ...options });
  }

  /** The element's visible text; the empty string when there is no such element. */
  text(selector) { return this.evaluate(textOf, selector); }

  /** Clicks the middle of the element with the mouse. */
  async click(selector) {
    await this.waitForElement(selector);
    const { x, y } = await this.evaluate(middleOf, selector);
    await this.raw.mouse.click(x, y);
  }

  /** Focuses the element as a script would. */
  async focus(selector) {
    await this.waitForElement(selector);
    await this.evaluate(focusOn, selector);
  }

  /** Types text with the keyboard into whatever has the focus. */
  async type(text) { await this.raw.keyboard.type(text); }

  /** Presses a key or chord: "Enter", "Tab", "Control+c", "Shift+Enter". */
  async press(chord) {
    const keys = chord.split("+");
    const last = keys.pop();
    for (const key of keys) await this.raw.keyboard.down(key);
    await this.raw.keyboard.press(last);
    for (const key of keys.reverse()) await this.raw.keyboard.up(key);
  }

  /** Writes a PNG of the page. */
  async screenshot(file) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    await this.raw.screenshot({ path: file });
  }

  async close() { await this.raw.close(); }
}

// Run in the page. Each walks the `>>>` parts itself, since a function sent to the page must stand alone.
function exists(selector) {
  let scope = document;
  for (const part of selector.split(">>>")) {
    const found = (scope.shadowRoot ?? scope).querySelector(part.trim());
    if (!found) return false;
    scope = found;
  }
  return true;
}
function textOf(selector) {
  let scope = document;
  for (const part of selector.split(">>>")) {
    scope = (scope.shadowRoot ?? scope).querySelector(part.trim());
    if (!scope) return "";
  }
  return scope.innerText ?? scope.textContent;
}
function contains(selector, text) {
  let scope = document;
  for (const part of selector.split(">>>")) {
    scope = (scope.shadowRoot ?? scope).querySelector(part.trim());
    if (!scope) return false;
  }
  return (scope.innerText ?? scope.textContent).includes(text);
}
function middleOf(selector) {
  let scope = document;
  for (const part of selector.split(">>>")) scope = (scope.shadowRoot ?? scope).querySelector(part.trim());
  scope.scrollIntoView({ block: "center", behavior: "instant" });
  const box = scope.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
function focusOn(selector) {
  let scope = document;
  for (const part of selector.split(">>>")) scope = (scope.shadowRoot ?? scope).querySelector(part.trim());
  scope.focus();
}
