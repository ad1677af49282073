/** Snakelet: Python 3.14 in a web page. The promise API; see docs/api.md. */

/** The package's version. */
export const version: string;

/** Loads the runtime. One runtime is one WebAssembly instance (or one worker) and holds any number of sessions. */
export function createRuntime(options?: RuntimeOptions): Promise<Runtime>;

export interface RuntimeOptions {
  /** Folder of `snakelet_bg.wasm`, `worker.mjs` and `stdlib/`, as a URL or a path; by default the folder of this module. */
  indexURL?: string | URL;
  /** Run everything in a web worker (default false: on the calling thread, in slices of about 8 ms). */
  worker?: boolean;
  /** The wasm file's bytes or compiled module, if the page has them already; nothing is fetched then. */
  wasm?: BufferSource | WebAssembly.Module | Response | Promise<Response>;
  /** Told how much of the WebAssembly file has arrived, in bytes; `total` is undefined where it is not known. Not with `worker`. */
  progress?: (event: { loaded: number; total: number | undefined }) => void;
  /** Sources of standard-library modules, by path below the library's root; asked before `indexURL`. Null: there is no such module; undefined: ask `indexURL`. */
  stdlib?: (path: string) => LibrarySource | Promise<LibrarySource>;
}

export type LibrarySource = string | Uint8Array | null | undefined;

export interface Runtime {
  /** A new, isolated interpreter. */
  createSession(options?: SessionOptions): Session;
  /** Ends every session and frees the instance. */
  dispose(): void;
}

export interface SessionOptions {
  /** Receives the program's output, batched per slice. A promise that it returns holds the program until it is settled. Default: the console. */
  stdout?: (text: string) => void | Promise<void>;
  /** Like `stdout`, for standard error. */
  stderr?: (text: string) => void | Promise<void>;
  /** Answers `input()` and reads from `sys.stdin`; null is the end of the file. Default: `prompt()` where there is one, else end of file. */
  input?: (prompt: string, options: InputOptions) => string | null | undefined | Promise<string | null | undefined>;
  /** Files present at the start, by path; relative paths are below the working directory. */
  files?: Record<string, string | Uint8Array>;
  limits?: Limits;
  /** What the program may reach outside of itself; nothing unless granted. `js`: it may `import js`, and `value` may hold proxies (see docs/api.md). */
  permissions?: { js?: boolean; net?: boolean };
  /** Fixed seed of hashing and `random`: runs become reproducible. */
  seed?: number | bigint;
  /** The program's clock: a function that returns seconds since 1970, or a number: a virtual clock that starts there and that only sleeping advances. */
  clock?: number | (() => number);
  /** `sys.argv`. */
  args?: string[];
  /** `os.environ`. */
  env?: Record<string, string>;
}

export interface InputOptions {
  /** Aborted when the program no longer waits for this line. */
  signal: AbortSignal;
}

export interface Limits {
  /** Seconds of running per run, waiting excluded; then KeyboardInterrupt. */
  time?: number;
  /** Bytes of heap; then MemoryError. */
  memory?: number;
  /** Characters of output per run; then the run ends. */
  output?: number;
  /** Frames; the initial `sys.getrecursionlimit()`. */
  recursion?: number;
}

export interface RunOptions {
  /** The file name in tracebacks (default `<snippet>`). */
  filename?: string;
  /** Aborting it is like `session.stop()`. */
  signal?: AbortSignal;
  /** Start from a fresh `__main__`. */
  fresh?: boolean;
  /** How the code is compiled: `notebook` (default) yields the last expression's value and allows top-level `await`; `interactive` echoes values as a shell does. */
  mode?: "notebook" | "exec" | "eval" | "interactive";
}

export interface RunResult {
  /** The last expression's value: see "Values" in docs/api.md. */
  value: unknown;
  /** What the run wrote; the middle of very long output is left out. */
  stdout: string;
  stderr: string;
  /** Present when the program ended with an exception, or did not compile. */
  error?: ErrorReport;
  usage: Usage;
}

export interface ErrorReport {
  /** The exception's class, such as `ZeroDivisionError`. */
  type: string;
  /** `str()` of the exception. */
  message: string;
  /** The whole traceback as CPython prints it. */
  traceback: string;
  frames: FrameReport[];
  /** CPython's suggestion, as in "Did you mean: 'print'?". */
  hint?: string;
  /** The exit status, for `SystemExit`. */
  exitCode?: number;
}

/** One level of a traceback, outermost first. Lines count from 1, columns from 0 in code points; for a SyntaxError the last one is the place of the mistake. */
export interface FrameReport {
  file: string;
  line: number;
  col?: number;
  endLine?: number;
  endCol?: number;
  name: string;
  source?: string;
}

export interface Usage {
  /** Seconds of running, waiting excluded. */
  time: number;
  /** Bytes of heap at the end. */
  memory: number;
  /** Characters written. */
  output: number;
}

export interface CheckResult {
  status: "complete" | "incomplete" | "error";
  /** The SyntaxError, when `status` is `error`. */
  error?: ErrorReport;
}

export interface Completion {
  /** Where the completed word starts in the text, in UTF-16 units. */
  start: number;
  /** Replacements for the text from `start` to the cursor. */
  items: string[];
}

/** Python's `__main__` names. On the calling thread the answers come at once, from a worker as promises: `await` serves both. */
export interface Globals {
  get(name: string): any;
  set(name: string, value: unknown): any;
  has(name: string): any;
  delete(name: string): any;
  keys(): any;
}

export interface Session {
  /** Runs a program. Resolves when it ends, also with a Python error, which is data. Runs of one session follow one another. */
  run(code: string, options?: RunOptions): Promise<RunResult>;
  /** Raises KeyboardInterrupt in the running program; called again within a second, ends it at once. */
  stop(): void;
  /** A fresh `__main__`; a running program is ended. */
  reset(): Promise<void>;
  readonly globals: Globals;
  /** Names, attributes and modules that can stand at the cursor (default: the end). */
  complete(text: string, cursor?: number): Promise<Completion>;
  /** The parameters of the call that is open at the cursor, such as `range(start, stop, step)`. */
  signature(text: string, cursor?: number): Promise<string | undefined>;
  /** Whether the code can be run, wants more lines, or is wrong. */
  check(code: string): Promise<CheckResult>;
  /** Writes a file of the session's file system. */
  writeFile(path: string, data: string | Uint8Array): Promise<void>;
  /** A file's bytes, or undefined if there is none. */
  readFile(path: string): Promise<Uint8Array | undefined>;
  /** Whether a program runs or waits. */
  readonly running: boolean;
  /** Ends the session. A run in progress resolves with an error of type `SessionDisposed`. */
  dispose(): void;
}

/** What stands for a Python object that has no JavaScript counterpart, such as a function or an instance. */
export class PythonObject {
  /** The name of its class. */
  readonly type: string;
  /** Its `repr()`. */
  readonly repr: string;
  toString(): string;
}
