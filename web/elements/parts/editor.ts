/**
 * A code editor: a textarea over a coloured mirror of its text.
 *
 * The textarea holds the truth, so that selection, undo, spell checkers, screen readers and on-screen keyboards work as
 * everywhere; its own text is transparent. The mirror has one element per line; unchanged lines are kept. Both have the same font
 * and the same wrapping, and the mirror gives the size.
 */

import { h, isApple } from "./dom.js";
import { renderLine, type Token, tokenize } from "./highlight.js";

/** Longer texts are shown without colours. */
const longestColoured = 100_000;

/** Where a mistake is: lines from 1, columns from 0 in code points; the end is exclusive. */
export interface Mark {
  line: number;
  col?: number | undefined;
  endLine?: number | undefined;
  endCol?: number | undefined;
}

export class Editor {
  /** What goes into the page. */
  readonly element: HTMLDivElement;
  readonly area: HTMLTextAreaElement;
  #mirror: HTMLDivElement;
  #lines: { text: string; key: string; element: HTMLDivElement }[] = [];
  #mark: Mark | undefined;

  constructor(label: string, onInput: () => void) {
    this.#mirror = h("div", { class: "mirror", "aria-hidden": "true", part: "code" });
    this.area = h("textarea", {
      class: "area",
      part: "textarea",
      "aria-label": label,
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      autocorrect: "off",
      rows: "1",
      translate: "no",
    });
    this.element = h("div", { class: "code" }, this.#mirror, this.area);
    this.area.addEventListener("input", () => {
      this.mark(undefined);
      this.#render();
      onInput();
    });
    this.#render();
  }

  get text(): string {
    return this.area.value;
  }

  /** Replaces everything; the cursor goes to the end. */
  set text(text: string) {
    this.area.value = text;
    this.#mark = undefined;
    this.#render();
  }

  get readOnly(): boolean {
    return this.area.readOnly;
  }

  set readOnly(value: boolean) {
    this.area.readOnly = value;
  }

  /** The text before and after the selection. */
  get before(): string {
    return this.area.value.slice(0, this.area.selectionStart);
  }

  get after(): string {
    return this.area.value.slice(this.area.selectionEnd);
  }

  focus(): void {
    this.area.focus({ preventScroll: true });
  }

  /** Replaces the selection as typing would, so that it can be undone. */
  insert(text: string): void {
    const { area } = this;
    area.focus({ preventScroll: true });
    const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
    if (done) return;
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Replaces a range as typing would. */
  replace(start: number, end: number, text: string): void {
    this.area.setSelectionRange(start, end);
    this.insert(text);
  }

  /** Shows where a mistake is, until the text changes. */
  mark(mark: Mark | undefined): void {
    if (!mark && !this.#mark) return;
    this.#mark = mark;
    this.#render();
  }

  /** Handles the keys that an editor for Python has; true if it was one. */
  handleKey(event: KeyboardEvent): boolean {
    if (event.isComposing || event.altKey) return false;
    const command = isApple ? event.metaKey : event.ctrlKey;
    if (event.key === "/" && command) this.#toggleComment();
    else if (event.ctrlKey || event.metaKey) return false;
    else if (event.key === "Tab") this.#tab(event.shiftKey);
    else if (event.key === "Enter" && !event.shiftKey) this.newline();
    else if (event.key === "Backspace") return this.#backspace();
    else return false;
    return true;
  }

  /** A new line with the indentation that Python wants there. */
  newline(): void {
    const line = this.before.slice(this.before.lastIndexOf("\n") + 1);
    this.insert("\n" + indentationAfter(line));
  }

  #tab(isBack: boolean): void {
    const { selectionStart, selectionEnd, value } = this.area;
    if (!isBack && selectionStart === selectionEnd) {
      const column = selectionStart - (value.lastIndexOf("\n", selectionStart - 1) + 1);
      return this.insert(" ".repeat(4 - (column % 4)));
    }
    this.#eachLine((line) => (isBack ? line.replace(/^( {1,4}|\t)/, "") : line ? "    " + line : line));
  }

  #toggleComment(): void {
    const { start, end } = this.#lineRange();
    const lines = this.area.value.slice(start, end).split("\n");
    const isCommented = lines.every((line) => !line.trim() || /^\s*#/.test(line));
    this.#eachLine((line) => (!line.trim() ? line : isCommented ? line.replace(/^(\s*)# ?/, "$1") : line.replace(/^(\s*)/, "$1# ")));
  }

  #eachLine(change: (line: string) => string): void {
    const { start, end } = this.#lineRange();
    const { selectionStart, selectionEnd, value } = this.area;
    const lines = value.slice(start, end).split("\n");
    const changed = lines.map(change);
    const text = changed.join("\n");
    if (text === value.slice(start, end)) return;
    const first = changed[0]!.length - lines[0]!.length;
    this.replace(start, end, text);
    if (selectionStart === selectionEnd) {
      const at = Math.max(start, selectionStart + first);
      this.area.setSelectionRange(at, at);
    } else {
      this.area.setSelectionRange(Math.max(start, selectionStart + first), selectionEnd + text.length - (end - start));
    }
  }

  #lineRange(): { start: number; end: number } {
    const { selectionStart, selectionEnd, value } = this.area;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    // A selection that ends at the start of a line does not mean that line.
    const last = selectionEnd > selectionStart && value[selectionEnd - 1] === "\n" ? selectionEnd - 1 : selectionEnd;
    const end = value.indexOf("\n", last);
    return { start, end: end < 0 ? value.length : end };
  }

  /** In the indentation, back to the previous stop. */
  #backspace(): boolean {
    const { selectionStart: at, selectionEnd } = this.area;
    if (at !== selectionEnd) return false;
    const line = this.before.slice(this.before.lastIndexOf("\n") + 1);
    if (!/^ +$/.test(line) || line.length % 4 !== 0) return false;
    this.replace(at - 4, at, "");
    return true;
  }

  #render(): void {
    const text = this.area.value;
    const rows = text.split("\n");
    const tokens = text.length > longestColoured ? [] : tokenize(text);
    const fresh = rows.map((row, index) => {
      const line = tokens[index] ?? [];
      const mark = markedRange(this.#mark, index + 1, row);
      return { text: row, tokens: line, mark, key: line.map((t) => `${t.start}${t.kind}`).join() + (mark ? `!${mark.join()}` : "") };
    });
    const old = this.#lines;
    const same = (a: { text: string; key: string } | undefined, b: { text: string; key: string } | undefined) =>
      a !== undefined && b !== undefined && a.text === b.text && a.key === b.key;
    let head = 0;
    while (head < fresh.length && same(old[head], fresh[head])) head++;
    let tail = 0;
    while (tail < fresh.length - head && tail < old.length - head && same(old[old.length - 1 - tail], fresh[fresh.length - 1 - tail])) tail++;
    for (const line of old.slice(head, old.length - tail)) line.element.remove();
    const made = fresh.slice(head, fresh.length - tail).map(({ text: row, key, tokens: line, mark }) => ({
      text: row,
      key,
      element: lineElement(row, line, mark),
    }));
    const next = old[old.length - tail]?.element ?? null;
    const fragment = document.createDocumentFragment();
    fragment.append(...made.map((line) => line.element));
    this.#mirror.insertBefore(fragment, tail > 0 ? next : null);
    this.#lines = [...old.slice(0, head), ...made, ...old.slice(old.length - tail)];
  }
}

/** A line of code as it looks in editors and in the shell's record. */
export function lineElement(row: string, tokens: readonly Token[], mark?: readonly [number, number]): HTMLDivElement {
  const element = h("div", { class: mark ? "line bad" : "line" }, ...renderLine(row, tokens));
  if (row === "") element.append("\u200b");
  if (mark && mark[1] > mark[0]) underline(element, mark[0], mark[1]);
  return element;
}

/** The indentation of the line after this one. */
export function indentationAfter(line: string): string {
  const indent = /^\s*/.exec(line)![0];
  const code = line.replace(/(['"])(?:\\.|(?!\1).)*\1/g, "''").replace(/#.*/, "").trimEnd();
  if (code.endsWith(":") || /[([{]$/.test(code)) return indent + "    ";
  if (/^\s*(return|pass|break|continue|raise)\b/.test(code)) return indent.slice(0, -4);
  return indent;
}

/** Which UTF-16 columns of a line are marked; none, or an empty range for the line alone. */
export function markedRange(mark: Mark | undefined, line: number, row: string): [number, number] | undefined {
  if (!mark || line < mark.line || line > (mark.endLine ?? mark.line)) return undefined;
  const units = (column: number) => [...row].slice(0, column).join("").length;
  const first = /\S|$/.exec(row)!.index;
  const start = line === mark.line && mark.col !== undefined ? units(mark.col) : first;
  let end = line === (mark.endLine ?? mark.line) && mark.endCol !== undefined ? units(mark.endCol) : row.length;
  if (mark.col === undefined) return [0, 0];
  if (end <= start) end = Math.min(row.length, start + 1);
  return [start, end];
}

/** Wraps a range of an element's text into a `mark`. */
function underline(element: HTMLElement, start: number, end: number): void {
  let at = 0;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, text.length);
    at += text.length;
    if (from >= to) continue;
    const middle = from > 0 ? text.splitText(from) : text;
    if (to - from < middle.length) middle.splitText(to - from);
    const mark = h("mark");
    middle.replaceWith(mark);
    mark.append(middle);
  }
}
