/**
 * The editor of a snippet: a textarea (`editor.ts`) until it gets the focus, then CodeMirror (`../editor.ts`), once that has
 * arrived. Where it cannot be loaded the textarea stays, which has the same keys.
 */

import type { CodeSetup, CodeView, LineMark } from "./code-view.js";
import { h } from "./dom.js";
import { Editor, indentationAfter, type Mark, markedRange } from "./editor.js";
import { tokenize } from "./highlight.js";

type Hooks = Pick<CodeSetup, "onInput" | "onRun" | "complete">;

export class CodeEditor {
  /** What goes into the page. */
  readonly element: HTMLDivElement;
  #plain: Editor;
  #view: CodeView | undefined;
  #hooks: Hooks;
  #label: string;
  #leavesWithTab = false;
  #isLoading = false;
  #mark: Mark | undefined;
  #held: Promise<unknown> = Promise.resolve();

  constructor(label: string, hooks: Hooks) {
    this.#hooks = hooks;
    this.#label = label;
    this.#plain = new Editor(label, () => {
      this.#mark = undefined;
      hooks.onInput();
    });
    const { area } = this.#plain;
    this.element = h("div", { class: "holder" }, this.#plain.element);
    area.addEventListener("keydown", (event) => this.#key(event));
    area.addEventListener("pointerdown", () => this.#hold(window, "pointerup", "pointercancel"));
    area.addEventListener("compositionstart", () => this.#hold(area, "compositionend"));
    area.addEventListener("focus", () => void this.#exchange());
  }

  get text(): string {
    return (this.#view ?? this.#plain).text;
  }

  set text(text: string) {
    this.#mark = undefined;
    (this.#view ?? this.#plain).text = text;
  }

  set readOnly(value: boolean) {
    this.#plain.readOnly = value;
    if (this.#view) this.#view.readOnly = value;
  }

  set label(text: string) {
    this.#label = text;
    this.#plain.area.setAttribute("aria-label", text);
    if (this.#view) this.#view.label = text;
  }

  /** Replaces everything as typing would, so that it can be undone. */
  replaceAll(text: string): void {
    if (this.#view) {
      this.#view.replaceAll(text);
      return;
    }
    this.#plain.area.select();
    this.#plain.insert(text);
  }

  /** Shows where a mistake is, until the text changes. */
  mark(mark: Mark | undefined): void {
    this.#mark = mark;
    if (this.#view) this.#view.mark(this.#lineMarks());
    else this.#plain.mark(mark);
  }

  #lineMarks(): LineMark[] {
    if (!this.#mark) return [];
    return this.text.split("\n").flatMap((row, index) => {
      const range = markedRange(this.#mark, index + 1, row);
      return range ? [{ line: index + 1, start: range[0], end: range[1] }] : [];
    });
  }

  #copyForPrint(): void {
    this.#plain.text = this.text;
    this.#plain.mark(this.#mark);
  }

  /** The textarea's keys. */
  #key(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#hooks.onRun();
      return;
    }
    // Escape, then Tab leaves the editor.
    const leaves = event.key === "Tab" && this.#leavesWithTab;
    if (event.key !== "Shift") this.#leavesWithTab = event.key === "Escape";
    if (leaves || this.#plain.readOnly) return;
    if (this.#plain.handleKey(event)) event.preventDefault();
  }

  /** While a mouse button is down or an input method composes, the editor must not be exchanged. */
  #hold(target: EventTarget, ...ends: string[]): void {
    const end = new Promise<void>((resolve) => {
      for (const type of ends) target.addEventListener(type, () => setTimeout(resolve), { once: true });
    });
    this.#held = Promise.all([this.#held, end]);
  }

  /** Puts CodeMirror in the textarea's place, between two strokes of the person. */
  async #exchange(): Promise<void> {
    if (this.#isLoading || this.#view || this.#plain.readOnly) return;
    this.#isLoading = true;
    const { area } = this.#plain;
    try {
      const { createCodeView } = await loadEditor();
      for (let held; held !== this.#held; await held) held = this.#held;
      if (this.#plain.readOnly || !this.element.isConnected) return;
      const hadFocus = area.matches(":focus");
      const { selectionStart, selectionEnd, selectionDirection } = area;
      const selection: [number, number] = selectionDirection === "backward" ? [selectionEnd, selectionStart] : [selectionStart, selectionEnd];
      const parent = h("div", { class: "code live" });
      // Without a gap: the page must not jump, and what is typed next goes to the new one.
      this.element.append(parent);
      const view = createCodeView({ ...this.#hooks, parent, text: this.text, selection, label: this.#label, readOnly: false, tokenize, indentationAfter });
      if (hadFocus) view.focus();
      this.#plain.element.classList.add("replaced");
      this.#view = view;
      // CodeMirror draws what is in view; the textarea's mirror has all of it.
      const editor = new WeakRef(this);
      const copy = () => {
        const present = editor.deref();
        if (present) present.#copyForPrint();
      };
      addEventListener("beforeprint", copy);
      matchMedia("print").addEventListener("change", copy);
      view.mark(this.#lineMarks());
    } catch {
      // The textarea does.
    } finally {
      this.#isLoading = false;
    }
  }
}

type Module = { createCodeView(setup: CodeSetup): CodeView };
let loading: Promise<Module> | undefined;

/** The file with CodeMirror; in a page that carries everything inside of itself, from there. */
function loadEditor(): Promise<Module> {
  if (!loading) {
    const inside = document.getElementById("snakelet-editor")?.textContent;
    // Written out like this, bundlers see that the file belongs to the package.
    loading = inside ? import(/* webpackIgnore: true */ /* @vite-ignore */ URL.createObjectURL(new Blob([inside], { type: "text/javascript" }))) : import("./editor.mjs" as string);
    loading.catch(() => (loading = undefined));
  }
  return loading;
}
