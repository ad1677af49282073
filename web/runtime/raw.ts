/**
 * The wasm module's surface (`src/js`) as TypeScript sees it, and its instances.
 *
 * An instance that trapped is not trusted any more: whoever notices calls `Instance.fail`, every session on it hears of it
 * and moves to a fresh instance of the same compiled module.
 */

import type { Library } from "../host/modules.js";
import { createGlue } from "../generated/glue.js";
import { partOf } from "../generated/parts.js";

/** What `Interpreter.run` answers. */
export const enum Exit {
  FuelSpent = 0,
  Host = 1,
  Waiting = 2,
  Done = 3,
  Raised = 4,
}

/** The kinds of host requests, as `Interpreter.requestKind` names them. */
export const enum RequestKind {
  ReadLine = 0,
  Sleep = 1,
  Library = 2,
  Part = 3,
  /** A call of JavaScript, in sessions with a bridge. */
  Foreign = 4,
  /** A request to the network, in sessions that may make one. */
  Fetch = 5,
}

export const enum Mode {
  Exec = 0,
  Eval = 1,
  Interactive = 2,
  Notebook = 3,
}

/** What the runtime asks and gets at once. */
export interface RawHost {
  /** Seconds since 1970. */
  time(): number;
  /** Seconds of a clock that never goes back. */
  monotonic(): number;
  random(buffer: Uint8Array): void;
  /** Whether the functions of a native module are there; else importing it makes a `RequestKind.Part`. */
  hasPart(module: string): boolean;
  /** Whether the session may make requests to the network. */
  mayFetch(): boolean;
  /**
   * What stands in JavaScript for an object without a counterpart: its number among the kept values (0: not kept), the name of its
   * class, its `repr()` if that needs no Python code, and what can be done with it (see `Ability`). Must not call the machine.
   */
  wrap(kept: number, type: string, repr: string, abilities: number): unknown;
  /** In sessions with a bridge: see `web/compat/jsproxy.ts`. The host itself is the answer where there is no such thing. */
  operate?(kind: number, target: unknown, a: unknown, b: unknown): unknown;
  /** The number of the kept value that an object stands for, or 0. */
  keptOf?(object: object): number;
}

/** What a Python object can do, as bits. */
export const enum Ability {
  Call = 1,
  Length = 2,
  Items = 4,
  Iterate = 8,
  Await = 16,
  Next = 32,
  Buffer = 64,
  SetItems = 128,
  Contains = 256,
  Sequence = 512,
}

/** Passed to the machine for a value that it keeps. */
export class Kept {
  /** The machine knows kept values by this property. */
  readonly kept: number;
  constructor(kept: number) {
    this.kept = kept;
  }
}

export interface RawError {
  type: string;
  message: string;
  traceback: string;
  hint?: string;
  exitCode?: number;
  frames: { file: string; line: number; col?: number; endLine?: number; endCol?: number; name: string; source?: string }[];
}

/** One session of the virtual machine. None of its methods blocks. */
export interface Raw {
  /** Starts a program. One that does not compile ends with a SyntaxError when it is run. */
  load(source: string, filename: string, mode: Mode): void;
  run(fuel: number): Exit;
  /** Number, kind and details of the request that `run` answered `Exit.Host` for. */
  requestId(): number;
  requestKind(): RequestKind;
  requestText(): string;
  requestTime(): number;
  /** The call of JavaScript that is asked for: its number, kind, target, `this` and arguments. */
  requestCall(): [number, number, unknown, unknown, unknown[]];
  /** The end of a call of JavaScript: its result, or what it threw. */
  answerCall(id: number, call: number, hasThrown: boolean, value: unknown): void;
  /** Sets the running program aside, so that another can run to its end; goes on with it. */
  enter(): void;
  leave(): void;
  /** Keeps the exception that ended the last run; 0 if there is none. */
  keepRaised(): number;
  /** Starts waiting for a kept awaitable. */
  loadAwait(kept: number): void;
  answerDone(id: number): void;
  answerLine(id: number, line: string | undefined): void;
  answerBytes(id: number, bytes: Uint8Array): void;
  answerFailed(id: number, message: string): void;
  interrupt(): void;
  /** RuntimeError in the main thread, in place of what it waits for. */
  refuse(message: string): void;
  terminate(): void;
  /** Output since the last call: stream number (0 out, 1 error) and text in turn. */
  takeOutput(): (number | string)[];
  /** Starts a call of a kept value; positional arguments, then one per keyword. */
  loadCall(kept: number, args: unknown[], keywords: string[]): void;
  /** The last run's value, converted: containers as well down to `depth` levels, below that and without a counterpart wrapped. */
  value(depth: number): unknown;
  /** The last run's exception. */
  error(): RawError;
  memory(): number;
  reset(): void;
  writeFile(path: string, bytes: Uint8Array): void;
  readFile(path: string): Uint8Array | undefined;
  /** A kept value converted once more; kept once more; given back; its class. */
  keptValue(kept: number, depth: number): unknown;
  keptCopy(kept: number): number;
  keptFree(kept: number): void;
  globalGet(name: string, depth: number): unknown;
  globalSet(name: string, value: unknown): void;
  globalHas(name: string): boolean;
  globalDelete(name: string): boolean;
  globalNames(): string[];
  complete(text: string, cursor: number): string[];
  /** The parameters of the call that is open at the end of the text. */
  signature(text: string): string | undefined;
  /** Whether threads are left that may go on between two runs. */
  hasBackground(): boolean;
  /** 0 complete, 1 incomplete, 2 wrong: then `error` says why. */
  check(text: string): number;
  free(): void;
}

export interface RawConfig {
  host: RawHost;
  argv: string[];
  /** Names and values in turn. */
  env: string[];
  time?: number;
  memory?: number;
  output?: number;
  recursion?: number;
  seed?: bigint;
  interactive: boolean;
  /** Whether objects without a counterpart are kept for JavaScript to use; errors are not printed then, since they are thrown. */
  keep: boolean;
  /** Whether the program may use JavaScript: then `host` has `operate` and `keptOf`. */
  bridge: boolean;
}

/** The `depth` that converts everything. */
export const deep = 0xffff;

/** Where raw sessions come from; tests put a fake in its place. */
export interface Engine {
  create(config: RawConfig): Raw;
  /** Whether the functions of a native module are there. */
  hasPart(module: string): boolean;
  /** Adds a part (see `src/xtask/split.rs`), which shares the first module's memory and function table. */
  addPart(part: string, wasm: Uint8Array): void;
  /** The text of the panic that made the instance trap, if it was one. */
  panicText(): string | undefined;
}

/** One wasm instance. */
export class Instance {
  #engine: Engine;
  #failure: Error | undefined;
  #listeners = new Set<(error: Error) => void>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Why the instance is dead, if it is. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  create(config: RawConfig): Raw {
    return this.guard(() => this.#engine.create(config));
  }

  hasPart(module: string): boolean {
    return this.#engine.hasPart(module);
  }

  addPart(part: string, wasm: Uint8Array): void {
    this.#engine.addPart(part, wasm);
  }

  /** Adds a part unless it is there. */
  async addMissing(part: string, library: Library): Promise<void> {
    if (this.hasPart(part)) return;
    const wasm = await library.get(`parts/${part}.wasm`);
    if (wasm) this.addPart(part, wasm);
  }

  /** Calls into the instance; a trap marks it as dead and is thrown as an `InstanceFailure`. Refusals are thrown as they are. */
  guard<T>(call: () => T): T {
    if (this.#failure) throw this.#failure;
    try {
      return call();
    } catch (error) {
      throw isFatal(error) ? this.fail(error) : error;
    }
  }

  /** Declares the instance dead. */
  fail(cause: unknown): Error {
    if (this.#failure) return this.#failure;
    let text: string | undefined;
    try {
      text = this.#engine.panicText();
    } catch {
      // The instance is beyond answering.
    }
    this.#failure = new InstanceFailure(text ?? (cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)), { cause });
    for (const listener of [...this.#listeners]) listener(this.#failure);
    this.#listeners.clear();
    return this.#failure;
  }

  onFailure(listener: (error: Error) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Traps, and the native stack's end, which engines report in their own ways. */
function isFatal(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || (error instanceof Error && /^(RangeError|InternalError)$/.test(error.name));
}

/** The runtime itself failed: a bug of ours, never the program's fault. */
export class InstanceFailure extends Error {
  override name = "InstanceFailure";
}

/** An engine on a compiled module. */
export function wasmEngine(module: WebAssembly.Module): Engine {
  const glue = createGlue();
  const first = glue.initSync({ module });
  // What parts are linked with: the first module, and those before them.
  const linked: WebAssembly.Imports = { m: first as unknown as WebAssembly.ModuleImports };
  return {
    hasPart: (name) => partOf[name] === undefined || partOf[name] in linked,
    addPart: (part, wasm) => {
      linked[part] ??= new WebAssembly.Instance(new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>), linked).exports;
    },
    create: (c) =>
      new glue.Interpreter(c.host, c.argv, c.env, c.time, c.memory, c.output, c.recursion, c.seed, c.interactive, c.keep, c.bridge) as Raw,
    panicText: () => glue.panicText(),
  };
}
