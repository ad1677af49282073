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
import { adopt, h, isApple, storage } from "./parts/dom.js";
import { Editor } from "./parts/editor.js";
import { dedent, elementText, numberAttribute, sessionOptions, textBehind } from "./parts/options.js";
import { Output } from "./parts/output.js";
import { pageRuntime, PageSession, type Sink } from "./parts/page-runtime.js";

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
  static observedAttributes = ["mode", "theme", "output-limit"];

  #root: ShadowRoot;
  #editor: Editor;
  #output: Output;
  #sink: Sink;
  #runButton: HTMLButtonElement;
  #runLabel: HTMLSpanElement;
  #resetButton: HTMLButtonElement;
  #status: HTMLElement;
  #frame: HTMLElement;
  #original = "";
  #state: State = "idle";
  #result: RunResult | undefined;
  #session: Promise<PageSession> | undefined;
  #current: PageSession | undefined;
  #connected = false;
  #stopAsked = false;
  #stdin: string[] | undefined;
  #visible: IntersectionObserver | undefined;
  #saving: ReturnType<typeof setTimeout> | undefined;
  #leaveWithTab = false;
  /** In `mode="shell"`: the prompt below the output, and the name of the session that both use. */
  #shell: HTMLElement | undefined;
  #ownSession = `snippet:${++snippets}`;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open", delegatesFocus: true });
    adopt(this.#root, tokens, editorStyles, outputStyles, snippetStyles);
    this.#editor = new Editor("Python code", () => this.#edited());
    this.#output = new Output("Output");
    this.#output.element.hidden = true;
    this.#runLabel = h("span", {}, "Run");
    this.#runButton = h("button", { class: "run", part: "run", type: "button" }, h("span", { class: "icon", "aria-hidden": "true" }), this.#runLabel);
    this.#resetButton = h("button", { class: "reset", part: "reset", type: "button", hidden: true }, "Reset");
    this.#status = h("span", { class: "status", role: "status", part: "status" });
    this.#frame = h(
      "div",
      { class: "frame", part: "frame" },
      h("div", { class: "editor", part: "editor" }, this.#editor.element),
      h("div", { class: "bar", part: "bar" }, this.#runButton, this.#resetButton, this.#status),
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
    this.#frame.addEventListener("keydown", (event) => this.#key(event));
    this.#setState("idle");
  }

  connectedCallback(): void {
    if (this.#connected) return;
    this.#connected = true;
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
    });
  }

  attributeChangedCallback(name: string): void {
    if (name === "output-limit") this.#output.limit = Math.max(10, numberAttribute(this, "output-limit", 10_000) ?? 1e6);
    if (name === "mode") this.#applyMode();
  }

  get code(): string {
    return this.#editor.text;
  }

  set code(code: string) {
    this.#editor.text = String(code);
    this.#edited();
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
    this.#result = undefined;
    this.#resetButton.hidden = true;
    this.#setState("idle");
  }

  async check(): Promise<PythonCheckDetail> {
    const tests = this.#part("check") ?? (await this.#reference("check"));
    const expected = this.#part("expected") ?? (await this.#reference("expected"));
    const result = await this.run();
    let detail: PythonCheckDetail;
    if (result.error) {
      detail = { passed: false, message: `${result.error.type}: ${result.error.message}`, result };
    } else if (expected !== undefined && normal(result.stdout) !== normal(expected)) {
      detail = { passed: false, message: "The output is not the expected one.", result };
    } else if (tests !== undefined && this.#current) {
      const verdict = await this.#current.run(this.#sink, tests, { filename: "<check>" });
      const message = verdict.error ? verdict.error.message || verdict.error.type : "All tests passed.";
      detail = { passed: !verdict.error, message, result };
    } else {
      detail = { passed: true, message: "The program ran without an error.", result };
    }
    this.#status.textContent = (detail.passed ? "✓ " : "✗ ") + detail.message;
    this.#emit("python-check", detail);
    return detail;
  }

  /** Reads the code from the page or from `src`, and does what `preload` and `autorun` ask for. */
  async #start(): Promise<void> {
    this.#applyMode();
    this.#original = this.#sourceInPage();
    this.#editor.text = this.#original;
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
    void pageRuntime();
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
    if (setup !== undefined && (fresh || !session.prepared.has(setup))) {
      const prepared = await session.run(this.#sink, setup, { filename: "<setup>", fresh });
      if (prepared.error) return prepared;
      session.prepared.add(setup);
      fresh = false;
    }
    const filename = this.getAttribute("src")?.split("/").pop() || "<snippet>";
    return session.run(this.#sink, code, { filename, fresh }, () => {
      this.#setState("running");
      if (this.#stopAsked) queueMicrotask(() => session.stop());
    });
  }

  #finish(result: RunResult): void {
    this.#result = result;
    this.#output.flush();
    const { error } = result;
    if (!error || (error.type === "SystemExit" && !error.exitCode)) {
      this.#setState("done", `Done in ${seconds(result.usage.time)}`);
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
    const line = await this.#output.ask(prompt, signal, () => this.stop());
    if (this.#state === "waiting") this.#setState("running");
    return line;
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#editor.area) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!this.#isBusy) void this.run();
      return;
    }
    if (event.key === "Escape") {
      // Escape, then Tab leaves the editor.
      this.#leaveWithTab = true;
      return;
    }
    const leaves = event.key === "Tab" && this.#leaveWithTab;
    if (event.key !== "Shift") this.#leaveWithTab = false;
    if (leaves || this.#editor.readOnly) return;
    if (this.#editor.handleKey(event)) event.preventDefault();
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
