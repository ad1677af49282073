/**
 * The compatible entry: Pyodide's interface over a Snakelet session.
 *
 * `runPython` runs its program to the end before it returns, so nothing in it can wait for the page; `runPythonAsync` is a session's
 * ordinary run. Both end in a `PythonError` when the program does.
 */

import type { FileSystem, PackageData, PackageOptions, PyodideAPI, PyodideConfig, RunPythonOptions, StdinOptions, StdoutOptions } from "../../pkg/types/pyodide.js";
import * as args from "../runtime/arguments.js";
import { keptValues } from "../runtime/bridge.js";
import type { Program } from "../runtime/driver.js";
import { type Kept, Mode } from "../runtime/raw.js";
import { LocalRuntime } from "../runtime/runtime.js";
import type { LocalSession } from "../runtime/session.js";
import { version } from "../runtime/version.js";
import { createFileSystem } from "./files.js";
import { PythonError, PythonMachine } from "./machine.js";
import { type Installer, loadImports, loadPackages } from "./packages.js";
import { PyProxy, proxyClasses } from "./proxy.js";
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

export { PythonError };

class Pyodide implements PyodideAPI {
  readonly version = version;
  readonly loadedPackages: Record<string, string> = {};
  readonly FS: FileSystem;
  readonly ffi = { ...proxyClasses, PyProxy: PyProxy as never, PythonError };
  readonly PATH = path;
  /** What of Emscripten's module PyScript uses. */
  get _module(): object {
    const resolve = (...names: string[]) => names.reduce((base, name) => (path.isAbs(name) ? path.normalize(name) : path.join(base, name)), this.FS.cwd());
    return { FS: this.FS, PATH: path, PATH_FS: { resolve } };
  }
  readonly ERRNO_CODES = { EACCES: 2, EBADF: 8, EBUSY: 10, EEXIST: 20, EINVAL: 28, EISDIR: 31, ELOOP: 32, ENOENT: 44, ENOTDIR: 54, ENOTEMPTY: 55, EPERM: 63 };
  readonly PythonError = PythonError;
  #session: LocalSession;
  #machine: PythonMachine;
  #readLine = defaultReader();
  #interrupts: { [index: number]: number } | undefined;
  #globals: object | undefined;

  constructor(runtime: LocalRuntime, options: { args: string[]; env: Record<string, string> }, globals: object) {
    const session = (): LocalSession => this.#session;
    this.#machine = new PythonMachine({
      get driver() {
        return session().driver;
      },
      use: (call) => session().use(call),
      readLine: () => this.#readLine(),
      prepare: () => this.#watch(),
    });
    const input = (): string | null => this.#readLine() ?? null;
    this.#session = runtime.createLocalSession(
      { ...options, stdout: lineWriter((line) => console.log(line)), stderr: lineWriter((line) => console.warn(line)), input },
      this.#machine.host({ globals, ffi: this.ffi, api: this }),
    );
    this.FS = createFileSystem(this.#machine);
  }

  /** Makes the Python side of the bridge. */
  start(): Promise<void> {
    return this.#start();
  }

  async #start(): Promise<void> {
    await this.#machine.start();
    // So that no getter has to call the machine, which may be reading the getter.
    this.#globals = this.#machine.evaluate("globals()") as object;
    const prepare = "import sys, os, _js\nsys.modules['pyodide_js'] = _js.root('api')\nos.makedirs('/home/pyodide', exist_ok=True)\nos.chdir('/home/pyodide')\nos.environ.setdefault('HOME', '/home/pyodide')\ndel sys, os, _js";
    this.#machine.settle(await this.#machine.run({ source: prepare, filename: "<pyodide>", mode: Mode.Exec, depth: 0 }));
  }

  /** Bytes of heap in use, for tests. */
  _memory(): number {
    return this.#session.use((raw) => raw.memory());
  }

  get pyodide_py(): never {
    return this.pyimport("pyodide") as never;
  }

  get globals(): never {
    this.#globals ??= this.#machine.evaluate("globals()") as object;
    return this.#globals as never;
  }

  runPython(code: string, options?: RunPythonOptions): unknown {
    return this.#machine.settle(this.#machine.runSync(this.#program(code, options)));
  }

  async runPythonAsync(code: string, options?: RunPythonOptions): Promise<unknown> {
    const program = this.#program(code, options, true);
    // Beside a program that waits, as a task or a thread of its own.
    if (this.#machine.busy && (await this.#machine.rest())) {
      const { globals, locals, filename } = options ?? {};
      const scope = globals ?? this.globals;
      const coroutine = this.#machine.call("pyodide.code.eval_code_async", [code, scope, locals ?? scope, filename ?? "<exec>"], ["filename"]);
      return this.#machine.await(keptValues.get(coroutine as object)!);
    }
    const value = this.#machine.settle(await this.#machine.run(program));
    return "source" in program ? value : await (value as Promise<unknown>);
  }

  toPy(value: unknown, options?: { depth?: number }): unknown {
    args.checkObject(options, "options");
    if (value === null || (typeof value !== "object" && typeof value !== "function") || keptValues.has(value as object)) return value;
    const { depth, defaultConverter } = (options ?? {}) as { depth?: number; defaultConverter?: unknown };
    try {
      return this.#call("pyodide.ffi._to_py", [value, depth ?? -1, defaultConverter]);
    } catch (error) {
      // What the conversion refuses is an Error, not one of Python.
      const kept = error instanceof PythonError && error.type === "JsException" ? keptValues.get(error) : undefined;
      throw kept ? this.#machine.toJs(kept, 0) : error;
    }
  }

  registerJsModule(name: string, module: object): void {
    this.#call("pyodide.ffi.register_js_module", [args.checkString(name, "name"), module]);
  }

  unregisterJsModule(name: string): void {
    this.#call("pyodide.ffi.unregister_js_module", [args.checkString(name, "name")]);
  }

  unpackArchive(buffer: BufferSource, format: string, options?: { extractDir?: string }): void {
    const bytes = args.checkBytes(buffer, "buffer");
    this.#call("pyodide.ffi._unpack", [bytes, args.checkString(format, "format"), options?.extractDir ?? "."]);
  }

  /** Nothing has to be prepared for objects of Comlink: they are ordinary ones. */
  registerComlink(): void {}

  mountNodeFS(): never {
    throw new Error("mountNodeFS is not available: the file system is in memory; copy files with FS.writeFile and FS.readFile");
  }

  async mountNativeFS(): Promise<never> {
    throw new Error("mountNativeFS is not available: the file system is in memory; copy files with FS.writeFile and FS.readFile");
  }

  setDebug(debug: boolean): boolean {
    const before = this.#debug;
    this.#debug = debug;
    return before;
  }
  #debug = false;

  get lockfile(): object {
    return { info: { version: this.version, python: "3.14.0" }, packages: {} };
  }

  runPythonSyncifying(): never {
    throw new Error("use runPythonAsync");
  }

  pyimport(name: string): unknown {
    args.checkString(name, "name");
    return this.#call("pyodide.ffi._import", [name]);
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

  async loadPackage(names: string | string[] | object, options?: PackageOptions): Promise<PackageData[]> {
    const given = isList(names) ? [...(names as Iterable<unknown>)] : names;
    const list = typeof given === "string" ? [given] : Array.isArray(given) ? args.checkStrings(given, "names") : undefined;
    if (!list) throw new TypeError(`names must be a string or an array of strings, not ${args.kind(names)}`);
    return loadPackages(this.#installer, list, args.checkObject<PackageOptions>(options, "options"));
  }

  async loadPackagesFromImports(code: string, options?: PackageOptions): Promise<PackageData[]> {
    return loadImports(this.#installer, args.checkString(code, "code"), args.checkObject<PackageOptions>(options, "options"));
  }

  get #installer(): Installer {
    return {
      exists: (module) => this.#exists(module),
      install: (requirement) => this.#call("micropip.install", [requirement]) as Promise<unknown>,
      version: (name) => this.#call("importlib.metadata.version", [name]) as string,
      imports: (code) => {
        const found = this.#machine.call("pyodide.code.find_imports", [code], [], 1);
        return found as string[];
      },
      loaded: this.loadedPackages,
    };
  }

  #program(code: string, options: RunPythonOptions | undefined, isAsync = false): Program {
    args.checkString(code, "code");
    const { filename, globals, locals } = args.checkObject<RunPythonOptions>(options, "options");
    const name = args.checkOptionalString(filename, "options.filename") ?? "<exec>";
    if (globals === undefined && locals === undefined) {
      return { source: dedented(code), filename: name, mode: endsQuietly(code) ? Mode.Exec : Mode.Notebook, depth: 0 };
    }
    const scope = checkProxy(globals ?? (this.globals as object), "options.globals");
    const own = locals === undefined ? scope : checkProxy(locals, "options.locals");
    const run = isAsync ? "pyodide.code.eval_code_async" : "pyodide.code.eval_code";
    return { kept: this.#machine.builtin(run).kept, args: [code, scope, own, name], keywords: ["filename"], depth: 0 };
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

  #call(callable: string, values: unknown[]): unknown {
    return this.#machine.call(callable, values);
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

/** Whether the last statement ends in a semicolon, so that its value is not wanted. */
function endsQuietly(source: string): boolean {
  const line = source.trimEnd().split("\n").pop()!;
  if (!line.includes(";")) return false;
  // Without strings and the comment behind them.
  return line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "s").replace(/#.*$/, "").trimEnd().endsWith(";");
}

/** The source without the indentation that all its lines share, if its first line has some. */
function dedented(source: string): string {
  const first = /^(?:[ \t]*\n)*([ \t]+)\S/.exec(source)?.[1];
  if (!first) return source;
  const lines = source.split("\n");
  const written = lines.filter((line) => /\S/.test(line));
  let shared = first;
  while (!written.every((line) => line.startsWith(shared))) shared = shared.slice(0, -1);
  return lines.map((line) => (/\S/.test(line) ? line.slice(shared.length) : "")).join("\n");
}

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

/** A Python list or tuple. */
function isList(value: unknown): boolean {
  return typeof value === "object" && value !== null && keptValues.has(value) && Symbol.iterator in value;
}

function checkProxy(value: unknown, name: string): Kept {
  const kept = typeof value === "object" && value !== null ? keptValues.get(value) : undefined;
  if (!kept) throw new TypeError(`${name} must be a PyProxy of a dict, not ${args.kind(value)}`);
  return kept;
}
