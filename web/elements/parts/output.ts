/**
 * What a program wrote, on the page: batched into one DOM operation per frame and bounded in size.
 *
 * The text lies in blocks of some hundred lines. Blocks out of sight are not laid out (`content-visibility`), the oldest are
 * removed when there are too many lines, and `write` answers with a promise when more waits than a frame should show: so a program
 * that prints for ever is slowed down to what can be shown, and costs neither memory nor frames. How many lines a frame puts on the
 * page depends on how long such frames take in this browser.
 */

import { h, nextFrame } from "./dom.js";
import { tracebackPieces } from "./traceback.js";

export type StreamName = "stdout" | "stderr" | "note";

const linesPerBlock = 100;
const charactersPerBlock = 10_000;
/** Characters that may wait for the next frame before the writer is held. */
const mostPending = 16_384;
/** Lines that a frame puts on the page at least. */
const fewestPerFrame = 500;
/** Frames further apart than that, in milliseconds, are too slow; nearer ones leave room for more. */
const slowFrame = 30;
const quickFrame = 20;

interface Block {
  element: HTMLElement;
  lines: number;
  characters: number;
  /** Nothing may be appended: an entry of the shell, or full. */
  closed: boolean;
  /** What an element of its own counts as in the text. */
  text?: string;
}

export class Output {
  /** The region; its parent scrolls it, if any. */
  readonly element: HTMLDivElement;
  /** Lines kept. */
  limit = 10_000;
  #scroller: HTMLElement;
  #blocks: Block[] = [];
  #lines = 0;
  #removed = 0;
  #note: HTMLElement | undefined;
  #pending: { stream: StreamName; text: string }[] = [];
  #pendingLength = 0;
  #flushing: Promise<void> | undefined;
  /** The last character written, to know whether a line is open. */
  #last = "\n";
  #return = false;

  constructor(label: string, scroller?: HTMLElement) {
    this.element = h("div", { class: "output", role: "log", part: "output", "aria-label": label, translate: "no" });
    this.#scroller = scroller ?? this.element;
  }

  get isEmpty(): boolean {
    return this.#blocks.length === 0 && this.#pending.length === 0;
  }

  /** The text shown. */
  get text(): string {
    this.flush();
    return this.#blocks.map((block) => block.text ?? block.element.textContent).join("");
  }

  /** Whether the next character starts a line. */
  get atLineStart(): boolean {
    return (this.#pending.at(-1)?.text.at(-1) ?? this.#last) === "\n";
  }

  /** Adds text. The promise, if there is one, is settled when the text is on the page. */
  write(stream: StreamName, text: string): void | Promise<void> {
    if (!text) return;
    const last = this.#pending.at(-1);
    if (last?.stream === stream && last.text.length < 100_000) last.text += text;
    else this.#pending.push({ stream, text });
    this.#pendingLength += text.length;
    this.#flushing ??= this.#nextFlush();
    if (this.#pendingLength > mostPending) return this.#flushing;
  }

  /** Puts everything that waits on the page. */
  flush(): void {
    this.#flushing = undefined;
    this.#flush(Infinity);
  }

  #nextFlush(): Promise<void> {
    const asked = performance.now();
    return nextFrame().then(() => {
      // What has been flushed meanwhile may have asked for a frame of its own.
      this.#flushing = undefined;
      const took = performance.now() - Math.max(asked, this.#shown);
      if (took > slowFrame) this.#perFrame = Math.max(fewestPerFrame, this.#perFrame / 2);
      else if (took < quickFrame) this.#perFrame = Math.min(this.limit, this.#perFrame * 1.5);
      this.#flush(this.#perFrame);
      this.#shown = performance.now();
      if (this.#pending.length > 0) this.#flushing ??= this.#nextFlush();
    });
  }

  #perFrame = 10_000;
  /** When a frame's lines were last put on the page. */
  #shown = 0;

  #flush(lines: number): void {
    if (this.#pending.length === 0) return;
    const stuck = this.isAtEnd;
    this.#dropUnseen(this.#pending);
    const pending = this.#take(lines);
    for (const { stream, text } of pending) {
      if (stream !== "stderr") this.#add(stream, stream, text);
      else for (const piece of tracebackPieces(text)) this.#add(stream, piece.kind, piece.text);
    }
    this.#trim();
    if (stuck) this.scrollToEnd();
  }

  /** Adds an element of its own, such as an entry of the shell. */
  append(element: HTMLElement, lines: number, text: string): void {
    this.flush();
    const stuck = this.isAtEnd;
    this.#close();
    this.element.append(element);
    this.#blocks.push({ element, lines, characters: 0, closed: true, text });
    this.#lines += lines;
    this.#last = "\n";
    this.#trim();
    if (stuck) this.scrollToEnd();
  }

  clear(): void {
    this.#pending = [];
    this.#pendingLength = 0;
    this.#blocks = [];
    this.#lines = 0;
    this.#removed = 0;
    this.#note = undefined;
    this.#last = "\n";
    this.element.replaceChildren();
  }

  /**
   * Asks for a line: the prompt, then a text field in the flow. Null: end of file. When the signal is aborted the field goes away.
   */
  ask(prompt: string, signal: AbortSignal, onInterrupt: () => void): Promise<string | null> {
    void this.write("stdout", prompt);
    this.flush();
    return new Promise((resolve) => {
      const field = h("input", {
        class: "field",
        part: "input",
        type: "text",
        "aria-label": prompt.trim() || "Input for the program",
        autocomplete: "off",
        autocapitalize: "off",
        spellcheck: "false",
        enterkeyhint: "send",
      });
      const form = h("form", { class: "ask" }, field, h("button", { class: "send", part: "send", "aria-label": "Send the line" }, "⏎"));
      const finish = (line: string | null, echo: string) => {
        signal.removeEventListener("abort", abort);
        form.remove();
        void this.write("stdout", echo);
        this.flush();
        resolve(line);
      };
      const abort = () => finish(null, "\n");
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        finish(field.value, field.value + "\n");
      });
      field.addEventListener("keydown", (event) => {
        if (event.ctrlKey && event.key === "d" && field.value === "") {
          event.preventDefault();
          finish(null, "\n");
        } else if (event.ctrlKey && event.key === "c" && field.selectionStart === field.selectionEnd) {
          event.preventDefault();
          onInterrupt();
        }
        event.stopPropagation();
      });
      signal.addEventListener("abort", abort);
      if (signal.aborted) return abort();
      (this.#blocks.at(-1)?.closed === false ? this.#blocks.at(-1)! : this.#open()).element.append(form);
      this.scrollToEnd();
      field.focus({ preventScroll: true });
      form.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  }

  /** Up to so many lines of what waits. */
  #take(lines: number): { stream: StreamName; text: string }[] {
    const taken: { stream: StreamName; text: string }[] = [];
    while (lines > 0 && this.#pending.length > 0) {
      const { stream, text } = this.#pending[0]!;
      let end = lines === Infinity ? text.length : 0;
      for (; lines > 0 && end < text.length; lines--) end = text.indexOf("\n", end) + 1 || text.length;
      taken.push({ stream, text: text.slice(0, end) });
      if (end < text.length) this.#pending[0]!.text = text.slice(end);
      else this.#pending.shift();
    }
    this.#pendingLength = this.#pending.reduce((sum, part) => sum + part.text.length, 0);
    return taken;
  }

  get isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < 40;
  }

  scrollToEnd(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** Of more text than can be kept, the beginning is never put on the page. */
  #dropUnseen(pending: { stream: StreamName; text: string }[]): void {
    let room = this.limit;
    for (let i = pending.length - 1; i >= 0; i--) {
      const { text } = pending[i]!;
      let at = text.length;
      for (; room >= 0 && at > 0; room--) at = text.lastIndexOf("\n", at - 2) + 1;
      if (room >= 0 && i > 0) continue;
      if (at === 0 && i === 0) return;
      const dropped = pending.splice(0, i).reduce((sum, part) => sum + count(part.text), 0) + count(text.slice(0, at));
      pending[0]!.text = text.slice(at);
      // What stands on the page comes before it, so that goes as well.
      for (const { element } of this.#blocks.splice(0)) element.remove();
      this.#removed += this.#lines + dropped;
      this.#lines = 0;
      this.#showRemoved();
      return;
    }
  }

  #add(stream: StreamName, kind: string, text: string): void {
    // Terminal sequences are for terminals.
    const plain = text.includes("\x1b") ? text.replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*(?:\x07|\x1b\\)|[@-Z\\^_])/g, "") : text;
    for (const part of /[\r\b]/.test(plain) ? plain.replace(/\r\n/g, "\n").split(/([\r\b])/) : [plain]) {
      if (part === "\r") this.#return = true;
      else if (part === "\b") this.#erase(1);
      else if (part) {
        // After a carriage return the line is written anew.
        if (this.#return && !part.startsWith("\n")) this.#erase(Infinity);
        this.#return = false;
        this.#addPlain(stream, kind, part);
      }
    }
  }

  #addPlain(stream: StreamName, kind: string, text: string): void {
    let at = 0;
    while (at < text.length) {
      const block = this.#blocks.at(-1);
      const target = block && !block.closed ? block : this.#open();
      // Fill the block up to its last line.
      let end = at;
      let lines = 0;
      while (end < text.length && lines + target.lines < linesPerBlock) {
        const newline = text.indexOf("\n", end);
        if (newline < 0) {
          end = text.length;
          break;
        }
        lines++;
        end = newline + 1;
      }
      end = Math.min(end, at + Math.max(1, charactersPerBlock - target.characters));
      const piece = text.slice(at, end);
      const span = target.element.lastElementChild;
      if (span instanceof HTMLElement && span.className === kind) (span.firstChild as Text).appendData(piece);
      else target.element.append(h("span", { class: kind, part: stream }, piece));
      lines = count(piece);
      target.lines += lines;
      target.characters += piece.length;
      this.#lines += lines;
      target.closed = target.lines >= linesPerBlock || target.characters >= charactersPerBlock || target.element.childElementCount > 500;
      at = end;
    }
    this.#last = text.at(-1)!;
  }

  /** Takes characters off the open line. */
  #erase(characters: number): void {
    const block = this.#blocks.at(-1);
    while (characters > 0 && block && !block.closed) {
      const span = block.element.lastElementChild;
      const text = span?.firstChild;
      if (!(text instanceof Text) || text.data.endsWith("\n")) return;
      const from = Math.max(text.data.lastIndexOf("\n") + 1, text.length - characters);
      characters -= text.length - from;
      block.characters -= text.length - from;
      text.deleteData(from, text.length - from);
      if (text.length > 0) return;
      span!.remove();
    }
  }

  #open(): Block {
    const element = h("div", { class: "block" });
    this.element.append(element);
    const block = { element, lines: 0, characters: 0, closed: false };
    this.#blocks.push(block);
    return block;
  }

  #close(): void {
    const last = this.#blocks.at(-1);
    if (last) last.closed = true;
  }

  #trim(): void {
    let first = 0;
    let lines = this.#lines;
    while (first < this.#blocks.length - 1 && (lines - this.#blocks[first]!.lines >= this.limit || this.#blocks.length - first > this.limit / 4 + 50)) {
      lines -= this.#blocks[first]!.lines;
      this.#blocks[first]!.element.remove();
      first++;
    }
    if (first === 0) return;
    this.#blocks.splice(0, first);
    this.#removed += this.#lines - lines;
    this.#lines = lines;
    this.#showRemoved();
  }

  #showRemoved(): void {
    if (!this.#note) {
      this.#note = h("div", { class: "removed", "aria-live": "off" });
      this.element.prepend(this.#note);
    }
    this.#note.textContent = `${this.#removed.toLocaleString("en")} earlier lines are not shown`;
  }
}

function count(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
