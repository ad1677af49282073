/**
 * `<python-snippet>`: a piece of Python in a page, editable and runnable.
 *
 * It wraps an existing `<pre><code>`, which stays in the document for readers without JavaScript; the shadow tree shows an editor
 * with the same text, one button (Run, Stop while running), a status line and the output. Nothing is downloaded before the first run
 * unless `preload` asks for it.
 */

import type { PythonCheckDetail, PythonEventMap, PythonSnippet as Public } from "../../pkg/types/elements.js";
import type { ErrorReport, RunResult } from "../../pkg/types/snakelet.js";
import editorStyles from "../styles/editor.css";
import outputStyles from "../styles/output.css";
import snippetStyles from "../styles/snippet.css";
import tokens from "../styles/tokens.css";
import { CodeEditor } from "./parts/code-editor.js";
import { adopt, h, isApple, storage } from "./parts/dom.js";
import { keepFiles, keptName } from "./parts/kept-files.js";
import { dedent, elementText, numberAttribute, sessionOptions, textBehind } from "./parts/options.js";
import { Output } from "./parts/output.js";
import { pageRuntime, PageSession, type Sink, whileLoading } from "./parts/page-runtime.js";
import { diffElement } from "./parts/report.js";
import { copyText, downloadText, sharedCode, shareLink, toolButton, type ToolName, toolNames } from "./parts/tools.js";

type State = Public["state"];

const statusTexts: Record<State, string> = {
  idle: "",
  loading: "Loading Python…",
  running: "Running…",
  waiting: "Waiting for input",
  done: "Done",
  error: "Error",
  stopped: "Stopped",
};

let snippets = 0;

/** A run shorter than this does not announce that it is running. */
const quietMilliseconds = 150;

export class PythonSnippet extends HTMLElement implements Public {
  static observedAttributes = ["mode", "theme", "output-limit", "tools", "label"];

  #root: ShadowRoot;
  #editor: CodeEditor;
  #output: Output;
  #sink: Sink;
  #runButton: HTMLButtonElement;
  #runLabel: HTMLSpanElement;
  #resetButton: HTMLButtonElement;
  #checkButton: HTMLButtonElement;
  #hintButton: HTMLButtonElement;
  #solutionButton: HTMLButtonElement;
  #tools: HTMLElement;
  #report: HTMLElement;
  #files: Record<string, string | Uint8Array> = {};
  #status: HTMLElement;
  #frame: HTMLElement;
  #original = "";
  #state: State = "idle";
  #result: RunResult | undefined;
  #session: Promise<PageSession> | undefined;
  #current: PageSession | undefined;
  #connected = false;
  #stopAsked = false;
  /** When the program began, in milliseconds, and how many seconds it has waited for answers since. */
  #began = 0;
  #asked = 0;
  #stdin: string[] | undefined;
  #visible: IntersectionObserver | undefined;
  #saving: ReturnType<typeof setTimeout> | undefined;
  /** In `mode="shell"`: the prompt below the output, and the name of the session that both use. */
  #shell: HTMLElement | undefined;
  #ownSession = `snippet:${++snippets}`;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open", delegatesFocus: true });
    adopt(this.#root, tokens, editorStyles, outputStyles, snippetStyles);
    this.#editor = new CodeEditor("Python code", {
      onInput: () => this.#edited(),
      onRun: () => {
        if (!this.#isBusy) void this.run();
      },
      complete: async (text, cursor) => (this.#isBusy ? undefined : this.#current?.raw.complete(text, cursor)),
    });
    this.#output = new Output("Output");
    this.#output.element.hidden = true;
    this.#runLabel = h("span", {}, "Run");
    this.#runButton = h("button", { class: "run", part: "run", type: "button" }, h("span", { class: "icon", "aria-hidden": "true" }), this.#runLabel);
    this.#resetButton = h("button", { class: "reset", part: "reset", type: "button", hidden: true }, "Reset");
    this.#checkButton = h("button", { class: "plain", part: "check", type: "button", hidden: true }, "Check");
    this.#hintButton = h("button", { class: "plain", part: "hint-button", type: "button", hidden: true, "aria-expanded": "false" }, "Hint");
    this.#solutionButton = h("button", { class: "plain", part: "solution-button", type: "button", hidden: true }, "Solution");
    this.#tools = h("span", { class: "tools", part: "tools" });
    this.#report = h("div", { class: "report", part: "report", hidden: true });
    this.#status = h("span", { class: "status", role: "status", part: "status" });
    this.#frame = h(
      "div",
      { class: "frame", part: "frame" },
      h("div", { class: "editor", part: "editor" }, this.#editor.element),
      h("div", { class: "bar", part: "bar" }, this.#runButton, this.#checkButton, this.#hintButton, this.#solutionButton, this.#resetButton, this.#status, this.#tools),
      this.#report,
      this.#output.element,
    );
    this.#root.append(this.#frame);
    this.#sink = {
      stdout: (text) => this.#write("stdout", text),
      stderr: (text) => this.#write("stderr", text),
      input: (prompt, signal) => this.#ask(prompt, signal),
    };
    this.#runButton.addEventListener("click", () => {
      if (this.#isBusy) this.stop();
      else void this.run();
    });
    this.#resetButton.addEventListener("click", () => void this.reset());
    this.#checkButton.addEventListener("click", () => {
      if (!this.#isBusy) void this.check();
    });
    this.#hintButton.addEventListener("click", () => this.#toggleHint());
    this.#solutionButton.addEventListener("click", () => this.#showSolution());
    this.#setState("idle");
  }

  connectedCallback(): void {
    if (this.#connected) return;
    this.#connected = true;
    // Properties that were set before the class was there.
    for (const name of ["code", "files"] as const) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete (this as Partial<Pick<this, "code" | "files">>)[name];
      (this as Record<string, unknown>)[name] = value;
    }
    // A script at the top of the page sees elements whose children are not parsed yet.
    if (document.readyState === "loading" && !this.nextSibling && !this.hasAttribute("src")) {
      document.addEventListener("DOMContentLoaded", () => void this.#start(), { once: true });
    } else {
      void this.#start();
    }
  }

  disconnectedCallback(): void {
    // Moving an element disconnects and connects it again: look once that is settled.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.stop();
      this.#visible?.disconnect();
      // Its session goes with it, unless others know it by its name. Back on the page, it gets a new one.
      const session = this.#session;
      if (this.#sessionName !== null || !session) return;
      this.#session = this.#current = undefined;
      session.then((open) => open.raw.dispose(), () => {});
    });
  }

  attributeChangedCallback(name: string): void {
    if (name === "output-limit") this.#output.limit = Math.max(10, numberAttribute(this, "output-limit", 10_000) ?? 1e6);
    if (name === "mode") this.#applyMode();
    if (name === "tools") this.#makeTools();
    if (name === "label") this.#editor.label = this.getAttribute("label") ?? "Python code";
  }

  get code(): string {
    return this.#editor.text;
  }

  set code(code: string) {
    this.#editor.text = String(code);
    // Before the element has read its own text, what a script gives takes its place.
    if (this.#isReady) this.#edited();
    else this.#given = String(code);
  }
  #given: string | undefined;
  #isReady = false;

  /** Files that are written before each run. */
  get files(): Record<string, string | Uint8Array> {
    return this.#files;
  }

  set files(files: Record<string, string | Uint8Array>) {
    this.#files = { ...files };
  }

  get state(): State {
    return this.#state;
  }

  get result(): RunResult | undefined {
    return this.#result;
  }

  get output(): string {
    return this.#output.text;
  }

  async run(): Promise<RunResult> {
    if (this.#isBusy) throw new Error("the snippet is running already");
    const { code } = this;
    this.#stopAsked = false;
    this.#editor.mark(undefined);
    this.#output.clear();
    this.#report.hidden = true;
    this.#emit("python-run", { code });
    this.#setState("loading");
    let result: RunResult;
    try {
      this.#stdin = this.#part("stdin")?.split("\n");
      const session = (this.#current = await this.#open());
      result = await this.#execute(session, code);
    } catch (error) {
      // The runtime, a file or the set-up could not be loaded.
      const message = error instanceof Error ? error.message : String(error);
      result = failed("RuntimeError", `Python could not be started: ${message}`);
      void this.#write("stderr", result.error!.message + "\n");
      this.#session = undefined;
    }
    this.#finish(result);
    return result;
  }

  stop(): void {
    if (!this.#isBusy) return;
    this.#stopAsked = true;
    this.#current?.stop();
  }

  async reset(): Promise<void> {
    this.stop();
    const session = await this.#session?.catch(() => undefined);
    await session?.reset();
    this.#editor.text = this.#original;
    const key = this.#storageKey;
    if (key) storage.remove(key);
    this.#output.clear();
    this.#output.element.hidden = true;
    this.#report.hidden = true;
    this.#result = undefined;
    this.#resetButton.hidden = true;
    this.#setState("idle");
  }

  async check(): Promise<PythonCheckDetail> {
    const tests = this.#part("check") ?? (await this.#reference("check"));
    const expected = this.#part("expected") ?? (await this.#reference("expected"));
    const result = await this.run();
    let detail: PythonCheckDetail;
    let difference: HTMLElement | undefined;
    if (result.error) {
      detail = { passed: false, message: `${result.error.type}: ${result.error.message}`, result };
    } else if (expected !== undefined && normal(result.stdout) !== normal(expected)) {
      detail = { passed: false, message: "The output is not the expected one.", result };
      difference = diffElement(normal(expected), normal(result.stdout));
    } else if (tests !== undefined && this.#current) {
      // The report says what failed; a traceback through the tests would only confuse.
      const verdict = await this.#current.run({ ...this.#sink, stderr() {} }, tests, { filename: "<check>" });
      const failure = verdict.error?.frames.findLast((frame) => frame.file === "<check>")?.source?.trim();
      const reason = verdict.error && (verdict.error.message || failure || verdict.error.type);
      detail = { passed: !verdict.error, message: reason || "All tests passed.", result };
      if (verdict.error && failure && verdict.error.message) difference = h("pre", { class: "failed" }, failure);
    } else {
      detail = { passed: true, message: expected === undefined ? "The program ran without an error." : "The output is the expected one.", result };
    }
    this.#showReport(detail, difference);
    this.#emit("python-check", detail);
    return detail;
  }

  /** What a check found, spoken as well. */
  #showReport({ passed, message }: PythonCheckDetail, difference: HTMLElement | undefined): void {
    const verdict = h("p", { class: "verdict" }, h("span", { "aria-hidden": "true" }, passed ? "✓ " : "✗ "), message);
    this.#report.dataset["passed"] = String(passed);
    this.#report.replaceChildren(verdict, ...(difference ? [difference] : []));
    this.#report.hidden = false;
    this.#setState(passed ? "done" : "error", passed ? "Passed" : "Not yet");
    if (!passed && this.#hasPart("hint")) this.#hintButton.hidden = false;
  }

  #toggleHint(): void {
    const isShown = this.#hintButton.getAttribute("aria-expanded") === "true";
    this.#hintButton.setAttribute("aria-expanded", String(!isShown));
    this.#report.hidden = isShown;
    if (isShown) return;
    // The page's own markup, not the program's: it is cloned, with its links and its code.
    const template = this.querySelector<HTMLTemplateElement>('template[data-part="hint"]');
    this.#report.removeAttribute("data-passed");
    this.#report.replaceChildren(h("div", { class: "hint", part: "hint" }));
    if (template) this.#report.firstElementChild!.append(template.content.cloneNode(true));
  }

  #showSolution(): void {
    const solution = this.#part("solution");
    if (solution === undefined) return;
    this.#editor.replaceAll(solution);
  }

  #hasPart(name: string): boolean {
    return this.querySelector(`template[data-part="${name}"]`) !== null;
  }

  /** `tools`: names of small buttons; `none` for none. */
  #makeTools(): void {
    const wanted = (this.getAttribute("tools") ?? "copy").split(/[\s,]+/);
    const actions: Record<ToolName, () => void> = {
      copy: () => void copyText(this.code).then((done) => this.#say(done ? "Copied" : "The browser did not allow it")),
      download: () => downloadText(this.getAttribute("src")?.split("/").pop() || `${this.id || "program"}.py`, this.code + "\n"),
      share: () => {
        const link = shareLink(this.#shareName, this.code);
        history.replaceState(null, "", link);
        void copyText(link).then((done) => this.#say(done ? "Link copied" : "The link is in the address bar"));
      },
      fullscreen: () => {
        if (document.fullscreenElement === this) void document.exitFullscreen();
        else this.requestFullscreen?.().catch(() => this.#say("The browser did not allow it"));
      },
    };
    this.#tools.replaceChildren(...toolNames.filter((name) => wanted.includes(name)).map((name) => toolButton(name, actions[name])));
  }

  #say(text: string): void {
    this.#status.textContent = text;
  }

  /** The name under which a shared link finds this snippet: its id, or its place on the page. */
  get #shareName(): string {
    return this.id || String([...document.querySelectorAll("python-snippet")].indexOf(this));
  }

  /** Reads the code from the page or from `src`, and does what `preload` and `autorun` ask for. */
  async #start(): Promise<void> {
    this.#applyMode();
    this.#original = this.#given ?? this.#sourceInPage();
    this.#editor.text = this.#original;
    this.#isReady = true;
    const address = this.getAttribute("src");
    if (address) {
      try {
        const response = await fetch(new URL(address, document.baseURI));
        if (!response.ok) throw new Error(`HTTP status ${response.status}`);
        this.#original = (await response.text()).replace(/\r\n?/g, "\n").trimEnd();
        this.#editor.text = this.#original;
      } catch (error) {
        this.#setState("error", `${address} could not be loaded: ${error instanceof Error ? error.message : error}`);
      }
    }
    const key = this.#storageKey;
    const kept = key ? storage.get(key) : null;
    if (kept !== null && kept !== this.#original) {
      this.#editor.text = kept;
      this.#resetButton.hidden = false;
    }
    const shared = sharedCode(this.#shareName);
    if (shared !== undefined) {
      this.#editor.text = shared;
      this.#resetButton.hidden = shared === this.#original;
      this.scrollIntoView({ block: "center" });
    }
    this.#checkButton.hidden = !["check", "expected"].some((name) => this.#hasPart(name) || this.hasAttribute(name));
    this.#hintButton.hidden = !this.#hasPart("hint");
    this.#solutionButton.hidden = !this.#hasPart("solution");
    if (!this.hasAttribute("tools")) this.#makeTools();
    if (this.getAttribute("preload") === "eager") this.#warmUp();
    if (this.hasAttribute("autorun") && this.getAttribute("autorun") !== "visible") void this.run();
    else if (this.getAttribute("preload") === "visible" || this.getAttribute("autorun") === "visible") this.#whenVisible();
  }

  #sourceInPage(): string {
    const code = this.querySelector("pre code, code, pre");
    if (code) return dedent(code.textContent ?? "");
    const copy = this.cloneNode(true) as Element;
    for (const template of copy.querySelectorAll("template")) template.remove();
    return dedent(copy.textContent ?? "");
  }

  #whenVisible(): void {
    this.#visible = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.#visible?.disconnect();
      if (this.getAttribute("autorun") === "visible") void this.run();
      else this.#warmUp();
    });
    this.#visible.observe(this);
  }

  #warmUp(): void {
    this.#emit("python-progress", { message: "loading" });
    this.#open().catch(() => {});
  }

  #open(): Promise<PageSession> {
    if (this.#session) return this.#session;
    whileLoading(pageRuntime(), ({ loaded, total }) => this.#emit("python-progress", { message: "loading", loaded, total }));
    this.#session = sessionOptions(this, { time: 10, memory: 64 }).then((options) => PageSession.open(this.#sessionName, options));
    this.#session.then(
      (session) => this.#emit("python-ready", { session: session.raw }),
      () => (this.#session = undefined),
    );
    return this.#session;
  }

  get #sessionName(): string | null {
    return this.getAttribute("session") ?? (this.getAttribute("mode") === "shell" ? this.#ownSession : null);
  }

  async #execute(session: PageSession, code: string): Promise<RunResult> {
    const isShared = this.hasAttribute("session");
    const setup = await this.#reference("setup");
    if (this.#stopAsked) return failed("KeyboardInterrupt", "");
    let fresh = !isShared;
    const names = Object.keys(this.#files);
    if (names.length > 0) {
      for (const name of names) await session.raw.writeFile(name, this.#files[name]!);
      // Modules among them are imported anew.
      const modules = names.filter((name) => name.endsWith(".py")).map((name) => name.slice(0, -3).replaceAll("/", "."));
      if (modules.length > 0) await session.run(this.#sink, `import sys\nfor name in ${JSON.stringify(modules)}: sys.modules.pop(name, None)`);
    }
    if (setup !== undefined && (fresh || !session.prepared.has(setup))) {
      const prepared = await session.run(this.#sink, setup, { filename: "<setup>", fresh });
      if (prepared.error) return prepared;
      session.prepared.add(setup);
      fresh = false;
    }
    const filename = this.getAttribute("src")?.split("/").pop() || "<snippet>";
    const result = await session.run(this.#sink, code, { filename, fresh }, () => {
      this.#began = performance.now();
      this.#asked = 0;
      this.#setState("running");
      if (this.#stopAsked) queueMicrotask(() => session.stop());
    });
    const kept = keptName(this);
    if (kept) await keepFiles(kept, session);
    return result;
  }

  #finish(result: RunResult): void {
    this.#result = result;
    this.#output.flush();
    const { error } = result;
    if (!error || (error.type === "SystemExit" && !error.exitCode)) {
      this.#setState("done", `Done in ${seconds((performance.now() - this.#began) / 1000 - this.#asked)}`);
    } else if (error.type === "KeyboardInterrupt" && this.#stopAsked) {
      this.#setState("stopped");
    } else {
      this.#markError(error);
      const line = this.#errorFrame(error)?.line;
      this.#setState("error", line === undefined ? error.type : `${error.type} in line ${line}`);
    }
    if (error) this.#emit("python-error", { error });
    if (this.#output.isEmpty && !error) this.#output.element.hidden = true;
    if (this.getAttribute("mode") === "shell" && !this.#shell) {
      this.#shell = document.createElement("python-shell");
      this.#shell.setAttribute("session", this.#sessionName!);
      this.#shell.setAttribute("banner", "none");
      this.#frame.append(this.#shell);
    }
    this.#emit("python-done", { result });
  }

  #errorFrame(error: ErrorReport): ErrorReport["frames"][number] | undefined {
    const name = this.getAttribute("src")?.split("/").pop() || "<snippet>";
    return error.frames.findLast((frame) => frame.file === name);
  }

  #markError(error: ErrorReport): void {
    const frame = this.#errorFrame(error);
    if (!frame) return;
    this.#editor.mark({ line: frame.line, col: frame.col, endLine: frame.endLine, endCol: frame.endCol });
  }

  #write(stream: "stdout" | "stderr", text: string): void | Promise<void> {
    this.#output.element.hidden = false;
    this.#emit("python-output", { stream, text });
    return this.#output.write(stream, text);
  }

  async #ask(prompt: string, signal: AbortSignal): Promise<string | null> {
    const ready = this.#stdin?.shift();
    if (ready !== undefined) {
      await this.#write("stdout", prompt + ready + "\n");
      return ready;
    }
    this.#output.element.hidden = false;
    this.#setState("waiting");
    this.#emit("python-input", { prompt });
    const asked = performance.now();
    const line = await this.#output.ask(prompt, signal, () => this.stop());
    this.#asked += (performance.now() - asked) / 1000;
    if (this.#state === "waiting") this.#setState("running");
    return line;
  }

  #edited(): void {
    this.#resetButton.hidden = this.#editor.text === this.#original;
    clearTimeout(this.#saving);
    const key = this.#storageKey;
    if (key) this.#saving = setTimeout(() => storage.set(key, this.#editor.text), 300);
  }

  get #storageKey(): string | undefined {
    const key = this.getAttribute("persist");
    return key ? `snakelet:snippet:${key}` : undefined;
  }

  /** The text of an inline `<template data-part>`. */
  #part(name: string): string | undefined {
    const template = this.querySelector(`template[data-part="${name}"]`);
    return template ? elementText(template) : undefined;
  }

  async #reference(attribute: "setup" | "check" | "expected"): Promise<string | undefined> {
    const reference = this.getAttribute(attribute);
    return reference ? textBehind(this, reference) : undefined;
  }

  #applyMode(): void {
    const mode = this.getAttribute("mode") ?? "editor";
    this.#editor.readOnly = mode === "readonly" || mode === "output";
    this.#frame.dataset["mode"] = mode;
  }

  get #isBusy(): boolean {
    return this.#state === "loading" || this.#state === "running" || this.#state === "waiting";
  }

  #announcing: ReturnType<typeof setTimeout> | undefined;

  #setState(state: State, text = statusTexts[state]): void {
    const wasBusy = this.#isBusy;
    this.#state = state;
    this.#frame.dataset["state"] = state;
    if (this.#isBusy !== wasBusy || state === "idle") {
      const busy = this.#isBusy;
      this.#runLabel.textContent = busy ? "Stop" : "Run";
      this.#runButton.classList.toggle("stop", busy);
      this.#runButton.title = busy ? "Stop the program" : `Run the program (${isApple ? "⌘" : "Ctrl+"}Enter)`;
    }
    clearTimeout(this.#announcing);
    const show = () => (this.#status.textContent = text);
    if (state === "loading" || state === "running") this.#announcing = setTimeout(show, quietMilliseconds);
    else show();
  }

  #emit<K extends keyof PythonEventMap>(type: K, detail: PythonEventMap[K]["detail"]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

function failed(type: string, message: string): RunResult {
  const error = { type, message, traceback: `${type}${message ? `: ${message}` : ""}\n`, frames: [] };
  return { value: undefined, stdout: "", stderr: "", error, usage: { time: 0, memory: 0, output: 0 } };
}

/** Output for comparison: line ends and trailing blanks do not count. */
function normal(text: string): string {
  return text.split("\n").map((line) => line.trimEnd()).join("\n").trimEnd();
}

function seconds(time: number): string {
  return time < 0.0995 ? `${Math.max(1, Math.round(time * 1000))} ms` : `${time.toFixed(time < 10 ? 1 : 0)} s`;
}
