/**
 * The machine as proxies see it: calls of Python from JavaScript, and the host's side of calls the other way.
 *
 * Used by the compatible entry, and by sessions that may use JavaScript (`permissions: { js: true }`).
 */

import { keptValues } from "../runtime/bridge.js";
import type { Driver, Outcome, Program } from "../runtime/driver.js";
import { Kept, Mode, type Raw } from "../runtime/raw.js";
import type { BridgeHost } from "../runtime/session.js";
import { callForPython, classCode, createOperate, helpers } from "./jsproxy.js";
import { isPyProxy, type Machine, markLasting, wrapKept } from "./proxy.js";

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
Object.defineProperty(PythonError, "name", { value: "PythonError" });

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
    const loop = {
      loopIsThere: () => void (this.#hasLoop = true),
      laterTurn: (milliseconds: number) => {
        const timer = setTimeout(() => this.#turn(timer), milliseconds);
        this.#turns.add(timer);
        return timer;
      },
      cancelTurn: (timer: ReturnType<typeof setTimeout>) => {
        clearTimeout(timer);
        this.#turns.delete(timer);
      },
    };
    const operate = createOperate({ helpers: { ...helpers, ...loop }, ...roots }, () => absent);
    return {
      wrap: (kept, type, _, abilities) => wrapKept(this, new Kept(kept), type, abilities),
      operate(this: unknown, kind, target, a, b) {
        absent = this;
        return operate(kind, target, a, b);
      },
      keptOf: (object) => {
        if (object instanceof Kept) return object.kept;
        // An Error may stand for an exception, but only to whoever raises it.
        return (object instanceof Error ? undefined : keptValues.get(object)?.kept) ?? classCode(object);
      },
      call: callForPython,
    };
  }

  /** The session's asyncio has the page's loop (`pyodide/webloop.py`); its turns that are ordered. */
  #hasLoop = false;
  #turns = new Set<ReturnType<typeof setTimeout>>();

  #turn(timer: ReturnType<typeof setTimeout>): void {
    this.#turns.delete(timer);
    const { kept } = this.builtin("pyodide.webloop.turn");
    this.run({ kept, args: [], keywords: [], depth: 0 }).then(
      (outcome) => {
        if (outcome.error) console.error(outcome.error.traceback);
      },
      () => {},
    );
  }

  /** The session has a new interpreter: nothing kept is there any more. */
  forget(): void {
    this.#builtins.clear();
    this.#alive = [];
    for (const timer of this.#turns) clearTimeout(timer);
    this.#turns.clear();
    this.#hasLoop = false;
  }

  call(callable: string | Kept, values: unknown[], keywords: string[] = [], depth = 0): unknown {
    const { kept } = typeof callable === "string" ? this.builtin(callable) : callable;
    return this.settle(this.runSync({ kept, args: values, keywords, depth }));
  }

  error(type: string, message: string): PythonError {
    return new PythonError(type, `${type}: ${message}\n`);
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
    if (this.#hasLoop || driver.running) {
      return new Promise((resolve, reject) => {
        // What a call is lent is gone when it is over.
        const own = (value: unknown) => (isPyProxy(value) ? markLasting((value as unknown as { copy(): object }).copy()) : value);
        const failed = (type: string, text: string, exception: unknown) => {
          const failure = new PythonError(type, text);
          const kept = isPyProxy(exception) ? keptValues.get(own(exception) as object) : undefined;
          if (kept) keptValues.set(failure, kept);
          reject(failure);
        };
        this.call(this.#hasLoop ? "pyodide.webloop.start" : "pyodide.ffi._beside", [kept, (value: unknown) => resolve(own(value)), failed]);
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
    this.#pending++;
    const turn = this.#queue.then(() => this.#owner.driver.run(program)).finally(() => this.#pending--);
    this.#queue = turn.catch(() => {});
    return turn;
  }
  #pending = 0;

  get busy(): boolean {
    return this.#pending > 0;
  }

  /** Waits until nothing runs, or what runs waits itself; whether it does. */
  async rest(): Promise<boolean> {
    while (this.#pending > 0 && !this.#owner.driver.waiting) await this.#owner.driver.rest();
    return this.#pending > 0;
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
    for (const name of ["hasattr", "getattr", "len", "str", "iter", "next", "pyodide.ffi._buffer", "pyodide.ffi._beside"]) this.builtin(name);
  }
}
