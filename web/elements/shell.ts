/**
 * `<python-shell>`: an interactive shell as CPython's.
 *
 * What was entered and what came of it is a record in the flow; below it stands the prompt, an editor for whole blocks. While a
 * statement runs the prompt is hidden but keeps the focus, so that Ctrl-C reaches it and what is typed ahead is not lost.
 */

import type { PythonEventMap, PythonShell as Public } from "../../pkg/types/elements.js";
import type { RunResult } from "../../pkg/types/snakelet.js";
import { version } from "../runtime/version.js";
import editorStyles from "../styles/editor.css";
import outputStyles from "../styles/output.css";
import shellStyles from "../styles/shell.css";
import tokens from "../styles/tokens.css";
import { splitSession } from "./parts/doctest.js";
import { adopt, h } from "./parts/dom.js";
import { Editor, indentationAfter, lineElement } from "./parts/editor.js";
import { tokenize } from "./parts/highlight.js";
import { History } from "./parts/history.js";
import { keepFiles, keptName } from "./parts/kept-files.js";
import { numberAttribute, sessionOptions } from "./parts/options.js";
import { Output } from "./parts/output.js";
import { pageRuntime, PageSession, type Sink, whileLoading } from "./parts/page-runtime.js";

type State = Public["state"];

/** The version of the language, as `sys.version` says it. */
const language = "3.14";

/** How long a shell that is not on the page keeps its variables. */
const keptMilliseconds = 30_000;

/** Completions shown at most. */
const mostCompletions = 120;

export class PythonShell extends HTMLElement implements Public {
  static observedAttributes = ["output-limit"];

  #root: ShadowRoot;
  #editor: Editor;
  #output: Output;
  #sink: Sink;
  #screen: HTMLElement;
  #prompt: HTMLElement;
  #choices: HTMLElement;
  #hint: HTMLElement;
  #leavesWithTab = false;
  /** Ctrl-R: what is searched for, the place in the history, and what stood at the prompt before. */
  #search: { text: string; at: number; draft: string } | undefined;
  #status: HTMLElement;
  #stopButton: HTMLButtonElement;
  #history = new History("shell");
  #state: State = "idle";
  #result: RunResult | undefined;
  #session: Promise<PageSession> | undefined;
  #current: PageSession | undefined;
  #queue: string[] = [];
  /** Statements so far: each has a file name of its own, so that tracebacks can show the lines of all of them. */
  #count = 0;
  #ended = false;
  #started = false;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open", delegatesFocus: true });
    adopt(this.#root, tokens, editorStyles, outputStyles, shellStyles);
    this.#editor = new Editor("Python statement", () => {
      this.#hideChoices();
      this.#hintSoon();
    });
    this.#prompt = h("div", { class: "prompt", part: "prompt" }, this.#editor.element);
    this.#choices = h("div", { class: "choices", part: "completions", hidden: true });
    this.#hint = h("div", { class: "signature", part: "signature", hidden: true });
    this.#status = h("span", { class: "spoken", role: "status" });
    this.#stopButton = h("button", { class: "stop", part: "stop", type: "button", title: "Stop the program (Ctrl+C)", hidden: true }, "Stop");
    this.#screen = h("div", { class: "screen", part: "screen", tabindex: "-1" });
    this.#output = new Output("Shell", this.#screen);
    this.#screen.append(this.#output.element, this.#prompt, this.#hint, this.#choices);
    this.#root.append(h("div", { class: "frame", part: "frame" }, this.#screen, this.#keyBar(), this.#stopButton, this.#status));
    this.#sink = {
      stdout: (text) => this.#write("stdout", text),
      stderr: (text) => this.#write("stderr", text),
      input: (prompt, signal) => this.#ask(prompt, signal),
    };
    this.#screen.addEventListener("click", () => {
      if (getSelection()?.isCollapsed !== false && !this.#root.activeElement?.matches("input")) this.#editor.focus();
    });
    this.#stopButton.addEventListener("click", () => {
      this.stop();
      this.#editor.focus();
    });
    this.#editor.area.addEventListener("keydown", (event) => this.#key(event));
    this.#editor.area.addEventListener("paste", (event) => this.#paste(event));
  }

  #leaving: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    clearTimeout(this.#leaving);
    if (this.#started) return;
    this.#started = true;
    this.#banner();
    // The shell is there to be typed into: Python is fetched at once, unless the page says otherwise.
    if (this.getAttribute("preload") !== "none") this.#open().catch((error: unknown) => this.#fail(error));
    if (this.hasAttribute("autofocus")) this.#editor.focus();
  }

  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (!this.isConnected) this.stop();
    });
    // A page may take the shell away for a while; after that its session is not needed any more.
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => {
      const session = this.#session;
      if (this.isConnected || this.hasAttribute("session") || !session) return;
      this.#session = this.#current = undefined;
      session.then((open) => open.raw.dispose(), () => {});
    }, keptMilliseconds);
  }

  attributeChangedCallback(): void {
    this.#output.limit = Math.max(10, numberAttribute(this, "output-limit", 10_000) ?? 1e6);
  }

  get code(): string {
    return this.#editor.text;
  }

  set code(code: string) {
    this.#editor.text = String(code);
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

  async run(code?: string): Promise<RunResult> {
    if (this.#isBusy) throw new Error("the shell is running a statement already");
    return this.#submit(code === undefined ? this.#editor.text : String(code));
  }

  stop(): void {
    this.#queue = [];
    if (this.#isBusy) this.#current?.stop();
  }

  async reset(): Promise<void> {
    this.stop();
    const session = await this.#session?.catch(() => undefined);
    await session?.reset();
    this.#ended = false;
    this.#output.clear();
    this.#banner();
    this.#editor.text = "";
    this.#setState("idle");
  }

  #banner(): void {
    if (this.getAttribute("banner") === "none") return;
    const system = /Firefox/.test(navigator.userAgent) ? "Firefox" : /Chrom/.test(navigator.userAgent) ? "Chromium" : "the web";
    void this.#output.write(
      "note",
      `Python ${language} (Snakelet ${version}) [WebAssembly] on ${system}\nType "help", "copyright", "credits" or "license" for more information.\n`,
    );
    this.#output.flush();
  }

  #open(): Promise<PageSession> {
    if (this.#session) return this.#session;
    whileLoading(pageRuntime(), ({ loaded, total }) => this.#emit("python-progress", { message: "loading", loaded, total }));
    this.#session = sessionOptions(this, {}).then((options) => PageSession.open(this.getAttribute("session"), options));
    this.#session.then(
      (session) => this.#emit("python-ready", { session: session.raw }),
      () => (this.#session = undefined),
    );
    return this.#session;
  }

  /** Puts a statement on record and runs it. */
  async #submit(code: string, program = code): Promise<RunResult> {
    this.#hideChoices();
    this.#hint.hidden = true;
    clearTimeout(this.#hinting);
    this.#record(code);
    this.#history.add(code);
    this.#aheadAt = 0;
    this.#editor.text = "";
    this.#emit("python-run", { code });
    this.#setState("loading");
    let result: RunResult;
    try {
      const session = (this.#current = await this.#open());
      result = await session.run(this.#sink, program + "\n", { filename: `<python-input-${this.#count++}>`, mode: "interactive" }, () =>
        this.#setState("running"),
      );
      const kept = keptName(this);
      if (kept) await keepFiles(kept, session);
    } catch (error) {
      this.#fail(error);
      result = { value: undefined, stdout: "", stderr: "", usage: { time: 0, memory: 0, output: 0 } };
      result.error = { type: "RuntimeError", message: String(error), traceback: "", frames: [] };
    }
    this.#finish(result);
    return result;
  }

  #finish(result: RunResult): void {
    this.#result = result;
    if (!this.#output.atLineStart) void this.#output.write("stdout", "\n");
    this.#output.flush();
    const { error } = result;
    if (error) this.#emit("python-error", { error });
    this.#emit("python-done", { result });
    if (error?.type === "SystemExit") {
      this.#end();
      return;
    }
    this.#setState(!error ? "done" : error.type === "KeyboardInterrupt" ? "stopped" : "error");
    const next = error ? undefined : this.#queue.shift();
    if (error) this.#queue = [];
    if (next === undefined) {
      this.#reveal();
      if (!this.#isEntering) this.#takeAhead();
      return;
    }
    const ahead = this.#editor.text;
    void this.#submit(next);
    this.#editor.text = ahead;
  }

  /** The shell is left, by exit() or Ctrl-D. */
  #end(): void {
    this.#ended = true;
    this.#queue = [];
    void this.#output.write("note", "The session has ended. Press Enter to start a new one.\n");
    this.#output.flush();
    this.#setState("done");
    this.#reveal();
  }

  #fail(error: unknown): void {
    void this.#output.write("stderr", `Python could not be started: ${error instanceof Error ? error.message : error}\n`);
    this.#output.flush();
  }

  /** What was entered, as it stood at the prompt. */
  #record(code: string): void {
    const rows = code.split("\n");
    const tokens = tokenize(code);
    const lines = rows.map((row, index) => lineElement(row, tokens[index] ?? []));
    const text = rows.map((row, index) => (index === 0 ? ">>> " : "... ") + row + "\n").join("");
    this.#output.append(h("div", { class: "entry", part: "entry" }, ...lines), rows.length, text);
    this.#output.scrollToEnd();
  }

  #write(stream: "stdout" | "stderr", text: string): void | Promise<void> {
    this.#emit("python-output", { stream, text });
    return this.#output.write(stream, text);
  }

  async #ask(prompt: string, signal: AbortSignal): Promise<string | null> {
    // Lines of a pasted session answer the program's questions only if the person did not ask for a prompt.
    this.#setState("waiting");
    this.#emit("python-input", { prompt });
    const line = await this.#output.ask(prompt, signal, () => this.stop());
    if (this.#state === "waiting") this.#setState("running");
    this.#editor.focus();
    return line;
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const { key } = event;
    const editor = this.#editor;
    const handled = () => event.preventDefault();
    const control = event.ctrlKey && !event.altKey && !event.metaKey;
    // From an empty prompt, and after Escape, Tab goes on to the next element as everywhere.
    const leaves = key === "Tab" && (this.#leavesWithTab || editor.text === "");
    if (key !== "Shift") this.#leavesWithTab = key === "Escape";
    if (leaves) return;
    if (this.#search && this.#searchKey(event, control)) return handled();
    if (control && key === "c" && editor.area.selectionStart === editor.area.selectionEnd && getSelection()?.isCollapsed !== false) {
      handled();
      this.#interrupt();
    } else if (control && key === "r" && !this.#isBusy && !this.#ended) {
      handled();
      this.#search = { text: "", at: Infinity, draft: editor.text };
      this.#showSearch(true);
    } else if (control && key === "l") {
      handled();
      this.#output.clear();
    } else if (control && key === "d" && editor.text === "") {
      handled();
      if (!this.#isBusy && !this.#ended) void this.#submit("exit()");
    } else if (this.#ended) {
      if (key !== "Enter") return;
      handled();
      this.#ended = false;
      void this.reset();
    } else if (this.#isBusy || this.#isEntering) {
      // Typed ahead: taken line by line once the prompt is back.
      if (key === "Tab") handled();
      else if (key === "Enter") this.#hasTypedAhead = true;
    } else if (key === "Enter" && !event.shiftKey && !event.altKey) {
      handled();
      if (event.ctrlKey || event.metaKey) void this.#submit(editor.text.trimEnd());
      else void this.#enter();
    } else if (key === "Tab" && !event.shiftKey && /\S$/.test(lastLine(editor.before))) {
      handled();
      void this.#complete();
    } else if (key === "Escape") {
      this.#hideChoices();
    } else if (key === "ArrowUp" && !event.shiftKey && !editor.before.includes("\n")) {
      if (this.#recall(-1)) handled();
    } else if (key === "ArrowDown" && !event.shiftKey && !editor.after.includes("\n")) {
      if (this.#recall(1)) handled();
    } else if (control && (key === "p" || key === "n")) {
      handled();
      this.#recall(key === "p" ? -1 : 1);
    } else if (control && key === "u") {
      handled();
      editor.replace(editor.before.lastIndexOf("\n") + 1, editor.area.selectionEnd, "");
    } else if (editor.handleKey(event)) {
      handled();
    }
  }

  /** A key while the history is searched; true if it belongs to the search. Any other key takes what was found. */
  #searchKey({ key }: KeyboardEvent, control: boolean): boolean {
    const search = this.#search!;
    if (control && key === "r") {
      this.#find(search.at);
      return true;
    }
    if (key === "Escape" || (control && (key === "g" || key === "c"))) {
      this.#editor.text = search.draft;
      this.#endSearch();
      return true;
    }
    if (key === "Backspace") {
      search.text = search.text.slice(0, -1);
      this.#find(Infinity);
      return true;
    }
    if (key.length === 1 && !control) {
      search.text += key;
      this.#find(search.at === Infinity ? Infinity : search.at + 1);
      return true;
    }
    if (key === "Shift" || key === "Control") return true;
    this.#endSearch();
    return key === "Enter";
  }

  /** The latest entry before the given place that has the text. */
  #find(before: number): void {
    const search = this.#search!;
    const found = search.text ? this.#history.search(search.text, before) : undefined;
    if (found) {
      search.at = found.index;
      this.#editor.text = found.entry;
    }
    this.#showSearch(found !== undefined || search.text === "");
  }

  #showSearch(hasFound: boolean): void {
    this.#hint.textContent = `(${hasFound ? "" : "failed "}reverse-i-search) '${this.#search!.text}'`;
    this.#hint.hidden = false;
    this.#status.textContent = hasFound ? `Search in the history: ${this.#search!.text}. ${this.#editor.text}` : "Not found";
    this.#reveal();
  }

  #endSearch(): void {
    this.#search = undefined;
    this.#hint.hidden = true;
  }

  #hinting: ReturnType<typeof setTimeout> | undefined;

  /** Shows the parameters of the call that is being written, a moment after the last key. */
  #hintSoon(): void {
    clearTimeout(this.#hinting);
    if (this.#search) return;
    const { before } = this.#editor;
    if (!before.includes("(") || !this.#current) {
      this.#hint.hidden = true;
      return;
    }
    this.#hinting = setTimeout(async () => {
      if (this.#isBusy || !this.#current) return;
      const signature = await this.#current.raw.signature(before).catch(() => undefined);
      if (this.#editor.before !== before || this.#search || this.#isBusy) return;
      this.#hint.textContent = signature ?? "";
      this.#hint.hidden = !signature;
      if (signature) this.#reveal();
    }, 120);
  }

  #interrupt(): void {
    this.#hideChoices();
    if (this.#isBusy) {
      // As in a terminal, what was typed ahead is gone.
      this.#hasTypedAhead = false;
      this.#editor.text = "";
      this.stop();
      return;
    }
    this.#record(this.#editor.text);
    void this.#output.write("stderr", "KeyboardInterrupt\n");
    this.#output.flush();
    this.#editor.text = "";
    this.#reveal();
  }

  /** Enter was pressed and it is not known yet what it means. */
  #isEntering = false;
  /** Enter was pressed while that was so, or while a statement was running. */
  #hasTypedAhead = false;

  /**
   * Enter: runs what is complete, else opens a new line. That may take a moment (the first time the machine is still being
   * loaded); what is typed meanwhile stays behind the new line, or at the next prompt.
   */
  async #enter(typed = this.#editor.text): Promise<void> {
    if (this.#isBusy || this.#isEntering) return;
    this.#isEntering = true;
    try {
      await this.#take(typed);
    } finally {
      this.#isEntering = false;
      if (!this.#isBusy) this.#takeAhead();
    }
  }

  async #take(typed: string): Promise<void> {
    const editor = this.#editor;
    const ahead = () => (editor.text.startsWith(typed) ? editor.text.slice(typed.length) : "");
    // Blanks alone on the last line are an empty line, which ends a block.
    const code = typed.replace(/\n[ \t]*$/, "\n");
    if (code.trim() === "") {
      this.#record("");
      editor.text = ahead();
      this.#aheadAt = 0;
      this.#reveal();
      return;
    }
    if (editor.text === typed && editor.after.trim() !== "") {
      editor.newline();
      this.#aheadAt = editor.text.length;
      return;
    }
    const isBlock = code.includes("\n");
    try {
      const session = await this.#open();
      const { status } = await session.raw.check(code);
      if (this.#isBusy || !editor.text.startsWith(typed)) {
        this.#hasTypedAhead = false;
        return;
      }
      if (status === "incomplete" || (isBlock && status === "complete" && !code.endsWith("\n") && /\n[ \t]+[^\n]*$/.test(code))) {
        const rest = ahead();
        const indent = /^[ \t]/.test(rest) ? "" : indentationAfter(lastLine(typed));
        const open = `${typed}\n${indent}`;
        if (rest || editor.before !== typed) editor.text = open + rest;
        else editor.newline();
        this.#aheadAt = rest ? open.length : editor.text.length;
        this.#reveal();
        return;
      }
    } catch (error) {
      this.#hasTypedAhead = false;
      this.#fail(error);
      return;
    }
    const rest = ahead();
    await this.#enterCommand(code.trimEnd());
    editor.text = rest;
    this.#aheadAt = 0;
  }

  /** Where in the prompt's text that begins which was typed ahead. */
  #aheadAt = 0;

  /** What was typed while the prompt was away: up to its first Enter it is entered now. */
  #takeAhead(): void {
    if (!this.#hasTypedAhead || this.#ended) return;
    const { text } = this.#editor;
    const end = text.indexOf("\n", this.#aheadAt);
    if (end < 0) {
      this.#hasTypedAhead = false;
      return;
    }
    const typed = text.slice(0, end);
    this.#editor.text = typed + text.slice(end + 1);
    void this.#enter(typed);
  }

  /** Some words alone do something, as in CPython's shell, unless the program uses them as names. */
  async #enterCommand(code: string): Promise<void> {
    const globals = this.#current?.raw.globals;
    const isFree = ["exit", "quit", "help", "clear"].includes(code) && !(await globals?.has(code));
    if (!isFree) {
      void this.#submit(code);
    } else if (code === "clear") {
      this.#history.add(code);
      this.#editor.text = "";
      this.#output.clear();
    } else {
      void this.#submit(code, `${code}()`);
    }
  }

  /** Keys that on-screen keyboards lack. */
  #keyBar(): HTMLElement {
    const press = (key: string, ctrlKey = false) => () => {
      this.#editor.focus();
      this.#editor.area.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true }));
    };
    const keys: [string, string, () => void][] = [
      ["Tab", "Complete or indent", press("Tab")],
      ["↑", "Earlier in the history", press("p", true)],
      ["↓", "Later in the history", press("n", true)],
      ["⌃C", "Interrupt", press("c", true)],
    ];
    const bar = h("div", { class: "keys", part: "keys" });
    for (const [text, label, act] of keys) {
      const key = h("button", { type: "button", tabindex: "-1", "aria-label": label }, text);
      // The focus stays at the prompt, and with it the keyboard on the screen.
      key.addEventListener("pointerdown", (event) => event.preventDefault());
      key.addEventListener("click", act);
      bar.append(key);
    }
    return bar;
  }

  #recall(step: -1 | 1): boolean {
    const entry = this.#history.move(step, this.#editor.text);
    if (entry === undefined) return false;
    this.#editor.text = entry;
    const end = step < 0 && entry.includes("\n") ? entry.indexOf("\n") : entry.length;
    this.#editor.area.setSelectionRange(end, end);
    this.#reveal();
    return true;
  }

  /** Tab: completes as far as it is clear, then shows what is possible. */
  async #complete(): Promise<void> {
    const editor = this.#editor;
    const { text, before } = editor;
    const session = await this.#open();
    const { start, items } = await session.raw.complete(text, before.length);
    if (editor.text !== text || items.length === 0) return;
    const typed = before.slice(start);
    const common = items.reduce((a, b) => {
      let length = 0;
      while (length < a.length && a[length] === b[length]) length++;
      return a.slice(0, length);
    });
    if (common.length > typed.length || items.length === 1) {
      editor.replace(start, before.length, common);
      if (items.length === 1) return;
    }
    this.#choices.replaceChildren(
      ...items.slice(0, mostCompletions).map((item) => {
        const choice = h("button", { type: "button", class: "choice", tabindex: "-1" }, item);
        choice.addEventListener("click", () => {
          editor.replace(start, editor.area.selectionStart, item);
          this.#hideChoices();
        });
        return choice;
      }),
      ...(items.length > mostCompletions ? [h("span", { class: "more" }, `and ${items.length - mostCompletions} more`)] : []),
    );
    this.#choices.hidden = false;
    this.#status.textContent = `${items.length} completions: ${items.slice(0, 5).join(", ")}`;
    this.#reveal();
  }

  #hideChoices(): void {
    if (this.#choices.hidden) return;
    this.#choices.hidden = true;
    this.#choices.replaceChildren();
  }

  /** A pasted session runs statement by statement; a program goes to the prompt as it is. */
  #paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    // Among pasted lines, Enters are no Enters.
    this.#hasTypedAhead = false;
    const blocks = splitSession(text);
    if (!blocks) {
      if (/\r/.test(text)) {
        event.preventDefault();
        this.#editor.insert(text.replace(/\r\n?/g, "\n"));
      }
      return;
    }
    event.preventDefault();
    const first = blocks.shift();
    if (first === undefined) return;
    if (blocks.length === 0 || this.#isBusy || this.#editor.text !== "") {
      this.#editor.insert([first, ...blocks].join("\n"));
      return;
    }
    this.#queue = blocks;
    void this.#submit(first);
  }

  get #isBusy(): boolean {
    return this.#state === "loading" || this.#state === "running" || this.#state === "waiting";
  }

  /** Brings the prompt into view, inside of the shell only. */
  #reveal(): void {
    this.#screen.scrollTop = this.#screen.scrollHeight;
  }

  #busyShown: ReturnType<typeof setTimeout> | undefined;

  #setState(state: State): void {
    this.#state = state;
    const busy = this.#isBusy;
    this.#prompt.classList.toggle("away", busy || this.#ended);
    clearTimeout(this.#busyShown);
    if (busy) {
      // Most statements are over at once: no button flickers for them.
      this.#busyShown = setTimeout(() => {
        this.#stopButton.hidden = false;
        this.#status.textContent = state === "loading" ? "Loading Python" : "Running";
      }, 150);
    } else {
      this.#stopButton.hidden = true;
      this.#status.textContent = state === "error" ? "Error" : state === "stopped" ? "Stopped" : "";
    }
  }

  #emit<K extends keyof PythonEventMap>(type: K, detail: PythonEventMap[K]["detail"]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1);
}
