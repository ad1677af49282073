/**
 * What a page and its worker tell each other. Calls carry a number, answers repeat it. Callbacks of a session travel the other
 * way as calls of the worker.
 */

import type { RunOptions, SessionOptions } from "../../pkg/types/snakelet.js";

/** Page to worker. */
export type ToWorker =
  | { kind: "load"; indexURL: string; wasm?: WebAssembly.Module; hasLibrary: boolean }
  | { kind: "create"; session: number; options: PlainOptions }
  | { kind: "call"; call: number; session: number; method: Method; arguments: unknown[] }
  | { kind: "stop"; session: number }
  | { kind: "dispose"; session: number }
  | { kind: "reply"; call: number; value?: unknown; error?: string };

/** Worker to page. */
export type ToPage =
  | { kind: "loaded"; error?: string }
  | { kind: "answer"; call: number; value?: unknown; objects?: object[]; error?: { name: string; message: string } }
  | { kind: "ask"; call: number; session: number; callback: "stdout" | "stderr" | "input" | "clock" | "stdlib"; argument: string }
  | { kind: "cancel"; call: number };

export type Method = "run" | "reset" | "complete" | "signature" | "check" | "writeFile" | "readFile" | "get" | "set" | "has" | "delete" | "keys";

/** Session options without functions. */
export type PlainOptions = Omit<SessionOptions, "stdout" | "stderr" | "input" | "clock"> & { clock?: number; asks: boolean };

export type PlainRunOptions = Omit<RunOptions, "signal">;
