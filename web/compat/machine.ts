/**
 * The machine as proxies see it: calls of Python from JavaScript, and the host's side of calls the other way.
 *
 * Used by the compatible entry, and by sessions that may use JavaScript (`permissions: { js: true }`).
 */

import { keptValues } from "../runtime/bridge.js";
import type { Driver, Outcome, Program } from "../runtime/driver.js";
import { Kept, Mode, type Raw } from "../runtime/raw.js";
import type { BridgeHost } from "../runtime/session.js";
import { callForPython, createOperate, helpers } from "./jsproxy.js";
import { type Machine, wrapKept } from "./proxy.js";

/** What the machine needs of its session. */
export interface Owner {
  readonly driver: Driver;
  use<T>(call: (raw: Raw) => T): T;
  /** Answers `input()` in synchronous runs. */
  readLine(): string | undefined;
  /** Called before every run. */
  prepare(): void;
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

/** Gives exceptions back that JavaScript has forgotten. */
const exceptions = new FinalizationRegistry<() => void>((release) => release());

export class PythonMachine implements Machine {
  #owner: Owner;
  /** Kept values of builtins by name, for the proxies' operations. */
  #builtins = new Map<string, Kept>();
  /** Proxies that must not be collected: the machine's values behind them are in use. */
  #alive: unknown[] = [];
  #queue: Promise<unknown> = Promise.resolve();

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  /** The host's part. `roots` are the objects that Python may ask for by name. */
  host(roots: Record<string, unknown>): BridgeHost {
    let absent: unknown;
    const operate = createOperate({ helpers, ...roots }, () => absent);
    return {
      wrap: (kept, type, _, abilities) => wrapKept(this, new Kept(kept), type, abilities),
      operate(this: unknown, kind, target, a, b) {
        absent = this;
        return operate(kind, target, a, b);
      },
      keptOf: (object) => (object instanceof Kept ? object.kept : (keptValues.get(object)?.kept ?? 0)),
      call: callForPython,
    };
  }

  /** The session has a new interpreter: nothing kept is there any more. */
  forget(): void {
    this.#builtins.clear();
    this.#alive = [];
  }

  call(callable: string | Kept, values: unknown[], keywords: string[] = [], depth = 0): unknown {
    const { kept } = typeof callable === "string" ? this.builtin(callable) : callable;
    return this.settle(this.runSync({ kept, args: values, keywords, depth }));
  }

  toJs(kept: Kept, depth: number): unknown {
    return this.#owner.use((raw) => raw.keptValue(kept.kept, depth));
  }

  copy(kept: Kept): number {
    return this.#owner.use((raw) => raw.keptCopy(kept.kept));
  }

  free(kept: Kept): void {
    try {
      this.#owner.use((raw) => raw.keptFree(kept.kept));
    } catch {
      // The session is gone, and with it the value.
    }
  }

  /** An awaitable runs as a program of its own, or beside the one that runs. */
  async await(kept: Kept): Promise<unknown> {
    const { driver } = this.#owner;
    if (driver.running) {
      return new Promise((resolve, reject) => {
        this.call("pyodide.ffi._beside", [kept, resolve, (type: string, text: string) => reject(new PythonError(type, text))]);
      });
    }
    const own = new Kept(this.copy(kept));
    try {
      return this.settle(await this.run({ awaitable: own.kept, depth: 0 }));
    } finally {
      this.free(own);
    }
  }

  /** Runs after whatever runs already. */
  run(program: Program): Promise<Outcome> {
    this.#owner.prepare();
    const turn = this.#queue.then(() => this.#owner.driver.run(program));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  runSync(program: Program): Outcome {
    this.#owner.prepare();
    return this.#owner.driver.runSync(program, () => this.#owner.readLine());
  }

  settle({ value, error, raised }: Outcome): unknown {
    if (!error) return value;
    const failure = new PythonError(error.type, error.traceback);
    // In Python's hands it is the exception again.
    if (raised) {
      const kept = new Kept(raised);
      keptValues.set(failure, kept);
      exceptions.register(failure, () => this.free(kept));
    }
    throw failure;
  }

  /** The value of an expression in `__main__`, as an outcome of Python. */
  evaluate(expression: string): unknown {
    return this.settle(this.runSync({ source: expression, filename: "<pyodide>", mode: Mode.Eval, depth: 0 }));
  }

  /** A builtin, or a function of a module written with dots. */
  builtin(name: string): Kept {
    let kept = this.#builtins.get(name);
    if (!kept) {
      const dot = name.lastIndexOf(".");
      const module = dot < 0 ? "builtins" : name.slice(0, dot);
      const value = this.evaluate(`__import__(${JSON.stringify(module)}, fromlist=["_"]).${name.slice(dot + 1)}`);
      kept = keptValues.get(value as object);
      if (!kept) throw new Error(`${name} is not an object`);
      this.#builtins.set(name, kept);
      this.#alive.push(value);
    }
    return kept;
  }

  /** Makes the Python side of the bridge, and the functions that proxies use in the middle of other programs. */
  async start(): Promise<void> {
    this.settle(await this.#owner.driver.run({ source: "import pyodide.ffi, pyodide.code, js", filename: "<pyodide>", mode: Mode.Exec, depth: 0 }));
    for (const name of ["hasattr", "getattr", "len", "str", "iter", "next", "pyodide.ffi._bytes", "pyodide.ffi._beside"]) this.builtin(name);
  }
}
