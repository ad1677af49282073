/** The custom elements: `<python-shell>` and `<python-snippet>`. Importing the module registers them. */

import type { ErrorReport, RunResult, Session } from "./snakelet.js";

/** `idle` before the first run, then what the element is doing or how the last run ended. */
export type ElementState = "idle" | "loading" | "running" | "waiting" | "done" | "error" | "stopped";

export interface PythonReadyDetail {
  session: Session;
}
export interface PythonProgressDetail {
  message: string;
  /** Bytes of the runtime that have arrived, and how many there are, if that is known. */
  loaded?: number;
  total?: number | undefined;
}
export interface PythonRunDetail {
  code: string;
}
export interface PythonOutputDetail {
  stream: "stdout" | "stderr";
  text: string;
}
export interface PythonInputDetail {
  prompt: string;
}
export interface PythonErrorDetail {
  error: ErrorReport;
}
export interface PythonDoneDetail {
  result: RunResult;
}
export interface PythonCheckDetail {
  passed: boolean;
  /** What was wrong, for people. */
  message: string;
  result: RunResult | undefined;
}

/** The events of both elements. All bubble and cross shadow roots. */
export interface PythonEventMap {
  "python-ready": CustomEvent<PythonReadyDetail>;
  "python-progress": CustomEvent<PythonProgressDetail>;
  "python-run": CustomEvent<PythonRunDetail>;
  "python-output": CustomEvent<PythonOutputDetail>;
  "python-input": CustomEvent<PythonInputDetail>;
  "python-error": CustomEvent<PythonErrorDetail>;
  "python-done": CustomEvent<PythonDoneDetail>;
  "python-check": CustomEvent<PythonCheckDetail>;
}

/** A runnable, editable piece of Python around a `<pre><code>`. */
export class PythonSnippet extends HTMLElement {
  /** The code as it stands in the editor. */
  code: string;
  /** Files that are written before each run, by name. */
  files: Record<string, string | Uint8Array>;
  readonly state: ElementState;
  /** The last run's result. */
  readonly result: RunResult | undefined;
  /** The text that the output region shows. */
  readonly output: string;
  /** Runs the code; resolves when it ended. */
  run(): Promise<RunResult>;
  stop(): void;
  /** The original code, no output, a fresh session. */
  reset(): Promise<void>;
  /** Runs the code and then the tests, or compares with the expected output. */
  check(): Promise<PythonCheckDetail>;
}

/** An interactive shell. */
export class PythonShell extends HTMLElement {
  /** The text at the prompt. */
  code: string;
  readonly state: ElementState;
  readonly result: RunResult | undefined;
  readonly output: string;
  /** Submits what stands at the prompt, or the given code. */
  run(code?: string): Promise<RunResult>;
  stop(): void;
  /** A fresh session and an empty screen; the history stays. */
  reset(): Promise<void>;
}

/** Where the package's files are, if not beside the script, as in pages built by a bundler. To be called before an element loads Python. */
export function configure(options: { indexURL?: string | URL }): void;

declare global {
  interface HTMLElementTagNameMap {
    "python-snippet": PythonSnippet;
    "python-shell": PythonShell;
  }
  interface HTMLElementEventMap extends PythonEventMap {}
}
