/**
 * A session on the calling thread: one raw interpreter, its console, and the queue of its runs.
 *
 * The raw interpreter is created at the first use and again after the instance failed or `reset` was called while a program was
 * running; files and options of the session are put back then, Python state is not.
 */

import type {
  CheckResult,
  Completion,
  ErrorReport,
  Globals,
  RunOptions,
  RunResult,
  Session,
  SessionOptions,
} from "../../pkg/types/snakelet.js";
import { type Clock, createClock } from "../host/clock.js";
import { Console } from "../host/console.js";
import { type Library } from "../host/modules.js";
import { createRandom } from "../host/random.js";
import * as args from "./arguments.js";
import { PythonObject, toMachine } from "./bridge.js";
import { Driver } from "./driver.js";
import { deep, type Instance, type Raw, type RawConfig, type RawHost, Mode } from "./raw.js";

const modes: Record<string, Mode> = { notebook: Mode.Notebook, exec: Mode.Exec, eval: Mode.Eval, interactive: Mode.Interactive };

/** Modules that programs import and the library has no file of. */
const nativeModules = "array atexit binascii builtins cmath errno faulthandler gc itertools marshal math select sys time unicodedata zlib".split(" ");

/** What a session needs of its runtime. */
export interface Home {
  /** The living instance; a fresh one after a failure. */
  instance(): Instance;
  library: Library;
  /** The code behind `permissions: { js: true }`, loaded when the first session has it. */
  bridge(): Promise<typeof import("../compat/bridge.js")>;
  forget(session: LocalSession): void;
}

interface Checked {
  files: [string, Uint8Array][];
  argv: string[];
  env: [string, string][];
  limits: { time?: number; memory?: number; output?: number; recursion?: number };
  seed: bigint | undefined;
  clock: Clock;
  console: Console;
  mayUseJs: boolean;
  mayFetch: boolean;
}

/** The host's side of a session that may use JavaScript. */
export interface BridgeHost extends Required<Pick<RawHost, "wrap" | "operate" | "keptOf">> {
  /** Performs a call of JavaScript, outside of the machine. */
  call(kind: number, target: unknown, self: unknown, values: unknown[]): unknown;
}

export class LocalSession implements Session {
  readonly globals: Globals;
  #home: Home;
  #options: Checked;
  #live: { instance: Instance; raw: Raw; driver: Driver; release: () => void } | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #disposed = false;
  /** Settles every unfinished run when the session is disposed. */
  #end!: () => void;
  #ended: Promise<"disposed">;

  #bridge: BridgeHost | undefined;

  /** `bridge`: the program may use JavaScript; without it what has no counterpart becomes a `PythonObject`. */
  constructor(home: Home, options?: SessionOptions, bridge?: BridgeHost) {
    this.#home = home;
    this.#bridge = bridge;
    this.#options = checkSessionOptions(options);
    this.#isOwnBridge = !bridge && this.#options.mayUseJs;
    this.#ended = new Promise((resolve) => (this.#end = () => resolve("disposed")));
    this.globals = {
      get: (name) => this.#raw().globalGet(args.checkString(name, "name"), deep),
      set: (name, value) => {
        const key = args.checkString(name, "name");
        const converted = this.#bridge ? value : toMachine(value, "value");
        this.#use((raw) => raw.globalSet(key, converted));
      },
      has: (name) => this.#raw().globalHas(args.checkString(name, "name")),
      delete: (name) => this.#raw().globalDelete(args.checkString(name, "name")),
      keys: () => this.#raw().globalNames(),
    };
  }

  get running(): boolean {
    return this.#pending > 0;
  }

  async run(code: string, options?: RunOptions): Promise<RunResult> {
    const { program, abort, isFresh } = checkRun(code, options);
    this.#alive();
    this.#pending++;
    const turn = this.#queue.then(async (): Promise<RunResult> => {
      if (this.#disposed) return ended("SessionDisposed", "the session was disposed");
      if (abort?.aborted) return ended("KeyboardInterrupt", "");
      if (isFresh) this.#refresh();
      return this.#execute(program, abort);
    });
    this.#queue = turn.catch(() => {});
    try {
      const result = await Promise.race([turn, this.#ended]);
      return result === "disposed" ? ended("SessionDisposed", "the session was disposed") : result;
    } finally {
      this.#pending--;
    }
  }

  stop(): void {
    this.#live?.driver.stop();
  }

  async reset(): Promise<void> {
    this.#alive();
    if (this.#live?.driver.running) {
      this.#live.driver.terminate();
      await this.#queue;
      this.#alive();
    }
    this.#refresh();
  }

  async complete(text: string, cursor?: number): Promise<Completion> {
    checkComplete(text, cursor);
    const before = text.slice(0, cursor);
    let items = this.#use((raw) => raw.complete(before, before.length));
    const path = /(?:^|[\n;])[ \t]*(?:import[ \t]+(?:[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*,[ \t]*)*|from[ \t]+)([\w.]*)$/.exec(before)?.[1];
    if (path !== undefined) items = [...new Set([...(path.includes(".") ? items : this.#use((raw) => raw.complete(`import ${path}`, path.length + 7))), ...(await this.#modules(path))])].sort();
    return { start: before.length - /(?:[\p{L}\p{N}_]*)$/u.exec(before)![0].length, items };
  }

  /** The library's modules that an unfinished dotted name can mean, as what stands after its last dot. */
  async #modules(path: string): Promise<string[]> {
    const bytes = await Promise.resolve(this.#home.library.get("index.txt")).catch(() => undefined);
    const files = bytes ? new TextDecoder().decode(bytes).split("\n") : [];
    const names = files.filter((file) => file.endsWith(".py")).map((file) => file.slice(0, -3).replace(/\/__init__$/, "").replaceAll("/", "."));
    const start = path.lastIndexOf(".") + 1;
    const word = path.slice(start);
    const found = [...names, ...nativeModules]
      .filter((name) => name.startsWith(path))
      .map((name) => name.slice(start).split(".")[0]!)
      .filter((name) => name !== "" && (word.startsWith("_") || !name.startsWith("_")));
    return [...new Set(found)];
  }

  async signature(text: string, cursor?: number): Promise<string | undefined> {
    checkComplete(text, cursor);
    // What builtins document is a part of the runtime.
    this.#alive();
    await this.#home.instance().addMissing("docs", this.#home.library);
    return this.#use((raw) => raw.signature(text.slice(0, cursor)));
  }

  async check(code: string): Promise<CheckResult> {
    args.checkString(code, "code");
    // What is wrong with a text is told by a part of the runtime.
    if (this.#use((raw) => raw.check(code)) === 2) await this.#home.instance().addMissing("errors", this.#home.library);
    return this.#use((raw) => {
      switch (raw.check(code)) {
        case 0:
          return { status: "complete" };
        case 1:
          return { status: "incomplete" };
        default:
          return { status: "error", error: raw.error() };
      }
    });
  }

  async writeFile(path: string, data: string | Uint8Array): Promise<void> {
    args.checkPath(path, "path");
    const bytes = args.checkBytes(data, "data");
    this.#use((raw) => raw.writeFile(path, bytes));
  }

  async readFile(path: string): Promise<Uint8Array | undefined> {
    args.checkPath(path, "path");
    return this.#use((raw) => raw.readFile(path));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#end();
    this.#home.forget(this);
    const live = this.#live;
    if (!live) return;
    if (live.driver.running) {
      live.driver.terminate();
      void this.#queue.then(() => this.#drop());
    } else {
      this.#drop();
    }
  }

  /** For the compatible interface, which also runs programs synchronously. */
  get driver(): Driver {
    this.#raw();
    return this.#live!.driver;
  }

  get console(): Console {
    return this.#options.console;
  }

  /** Calls into the interpreter; a trap moves the session to a fresh instance and is thrown. */
  use<T>(call: (raw: Raw) => T): T {
    return this.#use(call);
  }

  #isOwnBridge: boolean;
  #machine: { forget(): void; start(): Promise<void> } | undefined;

  /** The way to JavaScript, if the session was given it. */
  async #connect(): Promise<void> {
    if (!this.#isOwnBridge || (this.#machine && this.#live && !this.#live.instance.failure)) return;
    if (this.#machine) this.#machine.forget();
    else {
      const { createMachine, roots } = await this.#home.bridge();
      const session = this;
      const machine = createMachine({
        get driver() {
          return session.driver;
        },
        use: (call) => this.#use(call),
        readLine: () => undefined,
        prepare() {},
      });
      this.#bridge = machine.host(roots());
      this.#machine = machine;
      // What was made without the bridge goes; nothing has run in it.
      if (this.#live && !this.#live.instance.failure) this.#drop();
    }
    await this.#machine!.start();
  }

  async #execute(program: { source: string; filename: string; mode: Mode }, abort: AbortSignal | undefined): Promise<RunResult> {
    const stop = () => this.stop();
    abort?.addEventListener("abort", stop);
    try {
      await this.#connect();
      const raw = this.#raw();
      const driver = this.#live!.driver;
      const { value, error, time } = await driver.run(program);
      const memory = this.#live ? this.#live.instance.guard(() => raw.memory()) : 0;
      const { console } = this.#options;
      const result: RunResult = { value, ...console.transcript(), usage: { time, memory, output: console.written } };
      if (error) result.error = error;
      return result;
    } catch (failure) {
      // The instance is gone; the next run gets a fresh one.
      const message = failure instanceof Error ? failure.message : String(failure);
      const text = `SystemError: internal error (${message}); the session was restarted`;
      this.#options.console.write([1, text + "\n"]);
      return { ...ended("SystemError", text.slice(13)), ...this.#options.console.transcript() };
    } finally {
      abort?.removeEventListener("abort", stop);
      // The next error is shown at once, and without a connection.
      this.#live?.instance.addMissing("errors", this.#home.library).catch(() => {});
    }
  }

  #alive(): void {
    if (this.#disposed) throw new Error("the session was disposed");
  }

  #use<T>(call: (raw: Raw) => T): T {
    const raw = this.#raw();
    return this.#live!.instance.guard(() => call(raw));
  }

  /** The interpreter, created when there is none. */
  #raw(): Raw {
    this.#alive();
    if (this.#live && !this.#live.instance.failure) return this.#live.raw;
    this.#live = undefined;
    const { files, argv, env, limits, seed, clock, console, mayFetch } = this.#options;
    const instance = this.#home.instance();
    const config: RawConfig = {
      host: {
        time: () => clock.time(),
        monotonic: () => clock.monotonic(),
        random: createRandom(seed),
        hasPart: (module) => instance.hasPart(module),
        mayFetch: () => mayFetch,
        ...(this.#bridge ?? { wrap: (_, type, repr) => new PythonObject(type, repr) }),
      },
      argv,
      env: env.flat(),
      ...limits,
      interactive: false,
      keep: this.#bridge !== undefined && !this.#isOwnBridge,
      bridge: this.#bridge !== undefined,
    };
    if (seed !== undefined) config.seed = seed;
    const raw = instance.create(config);
    for (const [path, bytes] of files) instance.guard(() => raw.writeFile(path, bytes));
    const driver = new Driver(instance, raw, {
      console,
      clock,
      library: this.#home.library,
      timeLimit: limits.time,
      outputLimit: limits.output,
      mayFetch,
    });
    driver.foreign = this.#bridge?.call;
    this.#live = { instance, raw, driver, release: instance.onFailure(() => driver.poke()) };
    return raw;
  }

  #refresh(): void {
    if (!this.#live || this.#live.instance.failure) this.#live = undefined;
    else this.#use((raw) => raw.reset());
  }

  #drop(): void {
    const live = this.#live;
    this.#live = undefined;
    live?.release();
    live?.driver.close();
    if (live && !live.instance.failure) live.instance.guard(() => live.raw.free());
  }
}

export function checkSessionOptions(options: SessionOptions | undefined): Checked {
  const o = args.checkObject<SessionOptions>(options, "options");
  const limits = args.checkObject<NonNullable<SessionOptions["limits"]>>(o.limits, "options.limits");
  const checked: Checked["limits"] = {};
  for (const name of ["time", "memory", "output", "recursion"] as const) {
    const value = args.checkLimit(limits[name], `options.limits.${name}`);
    if (value !== undefined) checked[name] = value;
  }
  const permissions = args.checkObject<{ js?: boolean; net?: boolean }>(o.permissions, "options.permissions");
  for (const name of ["js", "net"] as const) args.checkBoolean(permissions[name], `options.permissions.${name}`, false);
  const streams: Pick<SessionOptions, "stdout" | "stderr" | "input"> = {};
  if (args.checkFunction(o.stdout, "options.stdout")) streams.stdout = o.stdout!;
  if (args.checkFunction(o.stderr, "options.stderr")) streams.stderr = o.stderr!;
  if (args.checkFunction(o.input, "options.input")) streams.input = o.input!;
  return {
    files: args.checkFiles(o.files, "options.files"),
    argv: o.args === undefined ? [""] : args.checkStrings(o.args, "options.args"),
    env: args.checkRecord(o.env, "options.env"),
    limits: checked,
    seed: args.checkSeed(o.seed, "options.seed"),
    clock: createClock(args.checkClock(o.clock, "options.clock")),
    console: new Console(streams),
    mayUseJs: permissions.js === true,
    mayFetch: permissions.net === true,
  };
}

/** The checked arguments of `run`. */
export function checkRun(code: string, options: RunOptions | undefined): {
  program: { source: string; filename: string; mode: Mode };
  abort: AbortSignal | undefined;
  isFresh: boolean;
} {
  args.checkString(code, "code");
  const { filename, signal, fresh, mode } = args.checkObject<RunOptions>(options, "options");
  return {
    program: {
      source: code,
      filename: args.checkOptionalString(filename, "options.filename") ?? "<snippet>",
      mode: checkMode(mode),
    },
    abort: args.checkSignal(signal, "options.signal"),
    isFresh: args.checkBoolean(fresh, "options.fresh", false),
  };
}

/** The checked arguments of `complete`. */
export function checkComplete(text: string, cursor: number | undefined): void {
  args.checkString(text, "text");
  if (cursor !== undefined && (typeof cursor !== "number" || !Number.isInteger(cursor) || cursor < 0 || cursor > text.length)) {
    throw new TypeError(`cursor must be an integer from 0 to ${text.length}, not ${typeof cursor === "number" ? cursor : args.kind(cursor)}`);
  }
}

function checkMode(mode: unknown): Mode {
  if (mode === undefined) return Mode.Notebook;
  const known = typeof mode === "string" && Object.hasOwn(modes, mode) ? modes[mode] : undefined;
  if (known === undefined) throw new TypeError(`options.mode must be one of ${Object.keys(modes).join(", ")}, not ${typeof mode === "string" ? mode : args.kind(mode)}`);
  return known;
}

/** The result of a run that never came to its end in Python. */
export function ended(type: string, message: string): RunResult {
  const error: ErrorReport = { type, message, traceback: message ? `${type}: ${message}\n` : `${type}\n`, frames: [] };
  return { value: undefined, stdout: "", stderr: "", error, usage: { time: 0, memory: 0, output: 0 } };
}
