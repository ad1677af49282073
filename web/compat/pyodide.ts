/**
 * The compatible entry: Pyodide's interface over a Snakelet session.
 *
 * `runPython` runs its program to the end before it returns, so nothing in it can wait for the page; `runPythonAsync` is a session's
 * ordinary run. Both end in a `PythonError` when the program does.
 */

import type { FileSystem, PyodideAPI, PyodideConfig, RunPythonOptions, StdinOptions, StdoutOptions } from "../../pkg/types/pyodide.js";
import * as args from "../runtime/arguments.js";
import { keptValues } from "../runtime/bridge.js";
import type { Outcome, Program } from "../runtime/driver.js";
import { Kept, Mode } from "../runtime/raw.js";
import { LocalRuntime } from "../runtime/runtime.js";
import type { LocalSession } from "../runtime/session.js";
import { version } from "../runtime/version.js";
import { createFileSystem } from "./files.js";
import { callForPython, createOperate, helpers } from "./jsproxy.js";
import { type Machine, PyProxy, proxyClasses, wrapKept } from "./proxy.js";
import { defaultReader, lineWriter, reader, writer } from "./streams.js";

export { version };

export async function loadPyodide(options?: PyodideConfig): Promise<PyodideAPI> {
  const o = args.checkObject<PyodideConfig>(options, "options");
  const { stdin, stdout, stderr } = o;
  args.checkFunction(stdin, "options.stdin");
  args.checkFunction(stdout, "options.stdout");
  args.checkFunction(stderr, "options.stderr");
  const argv = o.args === undefined ? [""] : args.checkStrings(o.args, "options.args");
  const env = Object.fromEntries(args.checkRecord(o.env, "options.env"));
  if (o.indexURL !== undefined && !(o.indexURL instanceof URL)) args.checkString(o.indexURL, "options.indexURL");
  const runtime = await LocalRuntime.load(o.indexURL === undefined ? {} : { indexURL: o.indexURL });
  const pyodide = new Pyodide(runtime, { args: argv, env }, (o["jsglobals"] as object | undefined) ?? globalThis);
  await pyodide.start();
  if (stdin) pyodide.setStdin({ stdin });
  if (stdout) pyodide.setStdout({ batched: stdout });
  if (stderr) pyodide.setStderr({ batched: stderr });
  if (o.packages !== undefined) await pyodide.loadPackage(args.checkStrings(o.packages, "options.packages"));
  return pyodide;
}

/** A Python exception that left Python: `message` is its traceback. */
export class PythonError extends Error {
  override name = "PythonError";
  type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

class Pyodide implements PyodideAPI {
  readonly version = version;
  readonly loadedPackages: Record<string, string> = {};
  readonly FS: FileSystem;
  readonly ffi = { ...proxyClasses, PyProxy: PyProxy as never, PythonError };
  readonly PATH = path;
  readonly ERRNO_CODES = { ENOENT: 44, EEXIST: 20, EISDIR: 31, ENOTDIR: 54 };
  readonly PythonError = PythonError;
  #session: LocalSession;
  #machine: Machine;
  #readLine = defaultReader();
  #interrupts: { [index: number]: number } | undefined;
  #globals: object | undefined;
  /** Kept values of builtins by name, for the proxies' operations. */
  #builtins = new Map<string, Kept>();

  constructor(runtime: LocalRuntime, options: { args: string[]; env: Record<string, string> }, globals: object) {
    this.#machine = {
      await: (kept) => this.#await(kept),
      call: (callable, values, keywords = [], depth = 0) => this.#call(callable, values, keywords, depth),
      toJs: (kept, depth) => this.#session.use((raw) => raw.keptValue(kept.kept, depth)),
      copy: (kept) => this.#session.use((raw) => raw.keptCopy(kept.kept)),
      free: (kept) => this.#session.use((raw) => raw.keptFree(kept.kept)),
    };
    let absent: unknown;
    const roots = { globals, helpers, ffi: this.ffi, api: this };
    const operate = createOperate(roots, () => absent);
    const input = (): string | null => this.#readLine() ?? null;
    this.#session = runtime.createLocalSession(
      { ...options, stdout: lineWriter((line) => console.log(line)), stderr: lineWriter((line) => console.warn(line)), input },
      {
        wrap: (kept, type, _, abilities) => wrapKept(this.#machine, new Kept(kept), type, abilities),
        operate(this: unknown, kind, target, a, b) {
          absent = this;
          return operate(kind, target, a, b);
        },
        keptOf: (object) => (object instanceof Kept ? object.kept : (keptValues.get(object)?.kept ?? 0)),
        call: callForPython,
      },
    );
    this.FS = createFileSystem((call) => this.#session.use(call), this.#machine);
  }

  /** Makes the Python side of the bridge. */
  async start(): Promise<void> {
    const { error } = await this.#session.driver.run({ source: "import pyodide.ffi, pyodide.code, js", filename: "<pyodide>", mode: Mode.Exec, depth: 0 });
    if (error) throw new PythonError(error.type, error.traceback);
    // Functions used by proxies in the middle of other programs.
    for (const name of ["hasattr", "getattr", "len", "str", "iter", "next", "pyodide.ffi._bytes"]) this.#builtin(name);
  }

  /** Bytes of heap in use, for tests. */
  _memory(): number {
    return this.#session.use((raw) => raw.memory());
  }

  get pyodide_py(): unknown {
    return this.pyimport("pyodide");
  }

  get globals(): never {
    this.#globals ??= this.#evaluate("globals()") as object;
    return this.#globals as never;
  }

  runPython(code: string, options?: RunPythonOptions): unknown {
    return this.#settle(this.#runSync(this.#program(code, options)));
  }

  async runPythonAsync(code: string, options?: RunPythonOptions): Promise<unknown> {
    const program = this.#program(code, options, true);
    const { driver } = this.#session;
    this.#watch();
    const turn = this.#queue.then(() => driver.run(program));
    this.#queue = turn.catch(() => {});
    const value = this.#settle(await turn);
    return "source" in program ? value : await (value as Promise<unknown>);
  }
  #queue: Promise<unknown> = Promise.resolve();

  toPy(value: unknown, options?: { depth?: number }): unknown {
    args.checkObject(options, "options");
    if (value === null || (typeof value !== "object" && typeof value !== "function") || keptValues.has(value as object)) return value;
    const { depth, defaultConverter } = (options ?? {}) as { depth?: number; defaultConverter?: unknown };
    return this.#call("pyodide.ffi._to_py", [value, depth ?? -1, defaultConverter], [], 0);
  }

  registerJsModule(name: string, module: object): void {
    this.#call("pyodide.ffi.register_js_module", [args.checkString(name, "name"), module], [], 0);
  }

  unregisterJsModule(name: string): void {
    this.#call("pyodide.ffi.unregister_js_module", [args.checkString(name, "name")], [], 0);
  }

  unpackArchive(buffer: BufferSource, format: string, options?: { extractDir?: string }): void {
    const bytes = args.checkBytes(buffer, "buffer");
    this.#call("pyodide.ffi._unpack", [bytes, args.checkString(format, "format"), options?.extractDir ?? "."], [], 0);
  }

  runPythonSyncifying(): never {
    throw new Error("use runPythonAsync");
  }

  pyimport(name: string): unknown {
    args.checkString(name, "name");
    return this.#call("pyodide.ffi._import", [name], [], 0);
  }

  setStdin(options?: StdinOptions): void {
    this.#readLine = reader(options) ?? defaultReader();
  }

  setStdout(options?: StdoutOptions): void {
    this.#session.console.stdout = writer(options, "setStdout") ?? lineWriter((line) => console.log(line));
  }

  setStderr(options?: StdoutOptions): void {
    this.#session.console.stderr = writer(options, "setStderr") ?? lineWriter((line) => console.warn(line));
  }

  setInterruptBuffer(buffer: { [index: number]: number } | undefined): void {
    if (buffer !== undefined && buffer !== null && !ArrayBuffer.isView(buffer)) {
      throw new TypeError(`buffer must be a typed array, not ${args.kind(buffer)}`);
    }
    this.#interrupts = buffer ?? undefined;
    this.#watch();
  }

  checkInterrupt(): void {
    if (!this.#takeInterrupt()) return;
    throw new PythonError("KeyboardInterrupt", "KeyboardInterrupt\n");
  }

  async loadPackage(names: string | string[] | object): Promise<object[]> {
    const list = typeof names === "string" ? [names] : Array.isArray(names) ? args.checkStrings(names, "names") : undefined;
    if (!list) throw new TypeError(`names must be a string or an array of strings, not ${args.kind(names)}`);
    for (const name of list) {
      if (/\.whl($|[?#])/.test(name)) await this.#call("micropip.install", [name], [], 0);
      // Modules of the standard library are fetched when they are imported.
      else if (name !== "micropip" && !this.#exists(name.replaceAll("-", "_"))) {
        throw new Error(`No known package with name '${name}'`);
      }
    }
    return [];
  }

  async loadPackagesFromImports(code: string): Promise<object[]> {
    args.checkString(code, "code");
    return [];
  }

  #program(code: string, options: RunPythonOptions | undefined, isAsync = false): Program {
    args.checkString(code, "code");
    const { filename, globals, locals } = args.checkObject<RunPythonOptions>(options, "options");
    const name = args.checkOptionalString(filename, "options.filename") ?? "<exec>";
    if (globals === undefined && locals === undefined) return { source: code, filename: name, mode: Mode.Notebook, depth: 0 };
    const scope = checkProxy(globals ?? (this.globals as object), "options.globals");
    const own = locals === undefined ? scope : checkProxy(locals, "options.locals");
    const run = isAsync ? "pyodide.code.eval_code_async" : "pyodide.code.eval_code";
    return { kept: this.#builtin(run).kept, args: [code, scope, own, name], keywords: ["filename"], depth: 0 };
  }

  #exists(name: string): boolean {
    try {
      this.pyimport(name);
      return true;
    } catch (error) {
      if (error instanceof PythonError && error.type === "ModuleNotFoundError") return false;
      throw error;
    }
  }

  #runSync(program: Program): Outcome {
    const { driver } = this.#session;
    this.#watch();
    return driver.runSync(program, () => this.#readLine());
  }

  #settle({ value, error, raised }: Outcome): unknown {
    if (!error) return value;
    const failure = new PythonError(error.type, error.traceback);
    // In Python's hands it is the exception again.
    if (raised) {
      const kept = new Kept(raised);
      keptValues.set(failure, kept);
      exceptions.register(failure, () => this.#machine.free(kept));
    }
    throw failure;
  }

  /** An awaitable runs as a program of its own, or beside the one that runs. */
  async #await(kept: Kept): Promise<unknown> {
    const { driver } = this.#session;
    if (driver.running) {
      return new Promise((resolve, reject) => {
        this.#call("pyodide.ffi._beside", [kept, resolve, (type: string, text: string) => reject(new PythonError(type, text))], [], 0);
      });
    }
    const own = new Kept(this.#machine.copy(kept));
    const turn = this.#queue.then(() => driver.run({ awaitable: own.kept, depth: 0 }));
    this.#queue = turn.catch(() => {});
    try {
      return this.#settle(await turn);
    } finally {
      this.#machine.free(own);
    }
  }

  /** The value of an expression in `__main__`, as an outcome of Python. */
  #evaluate(expression: string): unknown {
    return this.#settle(this.#runSync({ source: expression, filename: "<pyodide>", mode: Mode.Eval, depth: 0 }));
  }

  #call(callable: string | Kept, values: unknown[], keywords: string[], depth: number): unknown {
    const { kept } = typeof callable === "string" ? this.#builtin(callable) : callable;
    return this.#settle(this.#runSync({ kept, args: values, keywords, depth }));
  }

  /** A builtin, or a function of a module written with dots. */
  #builtin(name: string): Kept {
    let kept = this.#builtins.get(name);
    if (!kept) {
      const dot = name.lastIndexOf(".");
      const module = dot < 0 ? "builtins" : name.slice(0, dot);
      const value = this.#evaluate(`__import__(${JSON.stringify(module)}, fromlist=["_"]).${name.slice(dot + 1)}`);
      kept = keptValues.get(value as object);
      if (!kept) throw new Error(`${name} is not an object`);
      this.#builtins.set(name, kept);
      this.#alive.push(value);
    }
    return kept;
  }
  /** Proxies that must not be collected: the machine's values behind them are in use. */
  #alive: unknown[] = [];

  #watch(): void {
    const { driver } = this.#session;
    driver.onSlice = this.#interrupts ? () => this.#takeInterrupt() && driver.stop() : undefined;
  }

  #takeInterrupt(): boolean {
    if (this.#interrupts?.[0] !== 2) return false;
    this.#interrupts[0] = 0;
    return true;
  }
}

/** Gives exceptions back that JavaScript has forgotten. */
const exceptions = new FinalizationRegistry<() => void>((release) => release());

/** Emscripten's names for paths. */
const path = {
  basename: (name: string) => name.replace(/\/+$/, "").split("/").pop() || "/",
  dirname: (name: string) => name.replace(/\/+$/, "").split("/").slice(0, -1).join("/") || (name.startsWith("/") ? "/" : "."),
  join: (...names: string[]) => path.normalize(names.filter(Boolean).join("/")),
  join2: (a: string, b: string) => path.join(a, b),
  isAbs: (name: string) => name.startsWith("/"),
  normalize(name: string) {
    const parts: string[] = [];
    for (const part of name.split("/")) {
      if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
      else if (part !== "." && part !== "") parts.push(part);
    }
    return (name.startsWith("/") ? "/" : "") + parts.join("/") || ".";
  },
};

function checkProxy(value: unknown, name: string): Kept {
  const kept = typeof value === "object" && value !== null ? keptValues.get(value) : undefined;
  if (!kept) throw new TypeError(`${name} must be a PyProxy of a dict, not ${args.kind(value)}`);
  return kept;
}
