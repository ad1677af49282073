/**
 * The program's standard streams: output with back-pressure, and lines of input.
 *
 * Output arrives in batches, one per slice. It goes to the session's callbacks at once and into the run's transcript, which keeps
 * the beginning and the end of what is too long. A callback that returns a promise holds the program until it is settled.
 */

import type { InputOptions, SessionOptions } from "../../pkg/types/snakelet.js";

/** Characters that a transcript keeps at its beginning and at its end. */
const kept = 500_000;

/** What one stream wrote during a run. */
export class Transcript {
  #head = "";
  #tail: string[] = [];
  #tailLength = 0;
  /** Characters written, kept or not. */
  length = 0;

  push(text: string): void {
    if (!text) return;
    this.length += text.length;
    const room = kept - this.#head.length;
    if (room > 0) {
      this.#head += text.slice(0, room);
      text = text.slice(room);
    }
    if (!text) return;
    this.#tail.push(text);
    this.#tailLength += text.length;
    if (this.#tailLength > 2 * kept) {
      const joined = this.#tail.join("").slice(-kept);
      this.#tail = [joined];
      this.#tailLength = joined.length;
    }
  }

  toString(): string {
    const tail = this.#tail.join("").slice(-kept);
    const missing = this.length - this.#head.length - tail.length;
    if (missing <= 0) return this.#head + tail;
    return `${this.#head}\n... ${missing} characters left out ...\n${tail}`;
  }
}

export type Write = (text: string) => void | Promise<void>;
export type Ask = (prompt: string, options: InputOptions) => string | null | undefined | Promise<string | null | undefined>;

/** The streams of one session. */
export class Console {
  stdout: Write;
  stderr: Write;
  input: Ask;
  #transcripts = [new Transcript(), new Transcript()];
  #held: Promise<unknown> | undefined;

  constructor(options: Pick<SessionOptions, "stdout" | "stderr" | "input">) {
    this.stdout = options.stdout ?? lines((line) => console.log(line));
    this.stderr = options.stderr ?? lines((line) => console.error(line));
    this.input = options.input ?? ((prompt) => (typeof globalThis.prompt === "function" ? globalThis.prompt(prompt) : null));
  }

  /** Starts a new transcript. */
  begin(): void {
    this.#transcripts = [new Transcript(), new Transcript()];
  }

  /** Takes a batch from the machine: stream number and text in turn. */
  write(batch: readonly (number | string)[]): void {
    for (let i = 0; i + 1 < batch.length; ) {
      const stream = batch[i] as number;
      let text = batch[i + 1] as string;
      for (i += 2; i + 1 < batch.length && batch[i] === stream; i += 2) text += batch[i + 1] as string;
      if (!text) continue;
      this.#transcripts[stream]!.push(text);
      this.#deliver(stream === 0 ? this.stdout : this.stderr, text);
    }
  }

  /** What the callbacks ask to wait for before more is written; undefined: nothing. */
  get held(): Promise<unknown> | undefined {
    return this.#held;
  }

  get written(): number {
    return this.#transcripts[0]!.length + this.#transcripts[1]!.length;
  }

  transcript(): { stdout: string; stderr: string } {
    return { stdout: this.#transcripts[0]!.toString(), stderr: this.#transcripts[1]!.toString() };
  }

  /** One line for the program, with its newline; undefined at the end of the file. */
  async readLine(prompt: string, signal: AbortSignal): Promise<string | undefined> {
    // In the transcript the question stands as a terminal would show it.
    this.#transcripts[0]!.push(prompt);
    const answer = await this.input(prompt, { signal });
    if (answer === null || answer === undefined) return undefined;
    const line = String(answer);
    return line.endsWith("\n") ? line : line + "\n";
  }

  #deliver(write: Write, text: string): void {
    let result: unknown;
    try {
      result = write(text);
    } catch (error) {
      report(error);
    }
    if (!isPromise(result)) return;
    const held: Promise<unknown> = Promise.all([this.#held, result.then(undefined, report)]).then(() => {
      if (this.#held === held) this.#held = undefined;
    });
    this.#held = held;
  }
}

/** Turns pieces of text into calls with whole lines; what is left without a newline goes out a moment later. */
export function lines(write: (line: string) => void): Write {
  let rest = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (text) => {
    clearTimeout(timer);
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    if (parts.length) write(parts.join("\n"));
    if (rest) {
      timer = setTimeout(() => {
        write(rest);
        rest = "";
      }, 50);
    }
  };
}

/** A mistake in a callback of the page: shown where such mistakes are shown, never a reason to stop the program. */
export function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null && typeof (value as Promise<unknown>).then === "function";
}
