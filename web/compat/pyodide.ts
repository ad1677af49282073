/**
 * The compatible entry: Pyodide's interface over a Snakelet session.
 *
 * `runPython` runs its program to the end before it returns, so nothing in it can wait for the page; `runPythonAsync` is a session's
 * ordinary run. Both end in a `PythonError` when the program does.
 */

import type { FileSystem, PyodideAPI, PyodideConfig, RunPythonOptions, StdinOptions, StdoutOptions } from "../../pkg/types/pyodide.js";
import * as args from "../runtime/arguments.js";
import { keptValues, toMachine } from "../runtime/bridge.js";
import type { Outcome, Program } from "../runtime/driver.js";
import { Kept, Mode } from "../runtime/raw.js";
import { LocalRuntime } from "../runtime/runtime.js";
import type { LocalSession } from "../runtime/session.js";
import { version } from "../runtime/version.js";
import { createFileSystem } from "./files.js";
import { type Machine, PyProxy, wrapKept } from "./proxy.js";
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
  const pyodide = new Pyodide(runtime, { args: argv, env });
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
  readonly ffi = { PyProxy: PyProxy as never, PythonError };
  readonly PythonError = PythonError;
  #session: LocalSession;
  #machine: Machine;
  #readLine = defaultReader();
  #interrupts: { [index: number]: number } | undefined;
  #globals: object | undefined;
  /** Kept values of builtins by name, for the proxies' operations. */
  #builtins = new Map<string, Kept>();

  constructor(runtime: LocalRuntime, options: { args: string[]; env: Record<string, string> }) {
    this.#machine = {
      call: (callable, values, keywords = [], depth = 0) => this.#call(callable, values, keywords, depth),
      toJs: (kept, depth) => this.#session.use((raw) => raw.keptValue(kept.kept, depth)),
      copy: (kept) => this.#session.use((raw) => raw.keptCopy(kept.kept)),
      free: (kept) => this.#session.use((raw) => raw.keptFree(kept.kept)),
    };
    const input = (): string | null => this.#readLine() ?? null;
    this.#session = runtime.createLocalSession(
      { ...options, stdout: lineWriter((line) => console.log(line)), stderr: lineWriter((line) => console.warn(line)), input },
      (kept, type, _, abilities) => wrapKept(this.#machine, new Kept(kept), type, abilities),
    );
    this.FS = createFileSystem((call) => this.#session.use(call), this.#machine);
  }

  get globals(): never {
    this.#globals ??= this.#evaluate("globals()") as object;
    return this.#globals as never;
  }

  runPython(code: string, options?: RunPythonOptions): unknown {
    return this.#settle(this.#runSync(this.#program(code, options)));
  }

  async runPythonAsync(code: string, options?: RunPythonOptions): Promise<unknown> {
    const program = this.#program(code, options);
    const { driver } = this.#session;
    this.#watch();
    const turn = this.#queue.then(() => driver.run(program));
    this.#queue = turn.catch(() => {});
    return this.#settle(await turn);
  }
  #queue: Promise<unknown> = Promise.resolve();

  toPy(value: unknown, options?: { depth?: number }): unknown {
    args.checkObject(options, "options");
    if (value === null || (typeof value !== "object" && typeof value !== "function") || keptValues.has(value as object)) return value;
    return this.#identity(toMachine(value, "value"));
  }

  pyimport(name: string): unknown {
    args.checkString(name, "name");
    return this.#call("importlib.import_module", [name], [], 0);
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
      // Modules of the standard library are fetched when they are imported.
      if (this.#call("importlib.util.find_spec", [name.replaceAll("-", "_")], [], 0) === undefined) {
        throw new Error(`No known package with name '${name}'`);
      }
    }
    return [];
  }

  async loadPackagesFromImports(code: string): Promise<object[]> {
    args.checkString(code, "code");
    return [];
  }

  #program(code: string, options: RunPythonOptions | undefined): Program {
    args.checkString(code, "code");
    const { filename, globals, locals } = args.checkObject<RunPythonOptions>(options, "options");
    const name = args.checkOptionalString(filename, "options.filename") ?? "<exec>";
    if (globals === undefined && locals === undefined) return { source: code, filename: name, mode: Mode.Notebook, depth: 0 };
    const scope = checkProxy(globals ?? (this.globals as object), "options.globals");
    const own = locals === undefined ? scope : checkProxy(locals, "options.locals");
    // An expression has a value; anything else is executed.
    const isExpression = this.#evaluates(code);
    return { kept: this.#builtin(isExpression ? "eval" : "exec").kept, args: [code, scope, own], keywords: [], depth: 0 };
  }

  #evaluates(code: string): boolean {
    const outcome = this.#runSync({ kept: this.#builtin("compile").kept, args: [code, "<exec>", "eval"], keywords: [], depth: 0 });
    return !outcome.error;
  }

  #runSync(program: Program): Outcome {
    const { driver } = this.#session;
    if (driver.running) throw new Error("Python is running already: await runPythonAsync before the next call");
    this.#watch();
    return driver.runSync(program, () => this.#readLine());
  }

  #settle({ value, error }: Outcome): unknown {
    if (error) throw new PythonError(error.type, error.traceback);
    return value;
  }

  /** The value of an expression in `__main__`, as an outcome of Python. */
  #evaluate(expression: string): unknown {
    return this.#settle(this.#runSync({ source: expression, filename: "<pyodide>", mode: Mode.Eval, depth: 0 }));
  }

  #call(callable: string | Kept, values: unknown[], keywords: string[], depth: number): unknown {
    const { kept } = typeof callable === "string" ? this.#builtin(callable) : callable;
    const converted = values.map((value, index) => toMachine(value, `argument ${index + 1}`));
    return this.#settle(this.#runSync({ kept, args: converted, keywords, depth }));
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

  #identity(converted: unknown): unknown {
    this.#session.use((raw) => raw.globalSet("__snakelet_value__", converted));
    try {
      return this.#session.use((raw) => raw.globalGet("__snakelet_value__", 0));
    } finally {
      this.#session.use((raw) => raw.globalDelete("__snakelet_value__"));
    }
  }

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

function checkProxy(value: unknown, name: string): Kept {
  const kept = typeof value === "object" && value !== null ? keptValues.get(value) : undefined;
  if (!kept) throw new TypeError(`${name} must be a PyProxy of a dict, not ${args.kind(value)}`);
  return kept;
}
