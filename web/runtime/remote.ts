/** A runtime in a web worker, seen from the page: the same interface as `LocalRuntime`, by messages. */

import type {
  CheckResult,
  Completion,
  Globals,
  RunOptions,
  RunResult,
  Runtime,
  RuntimeOptions,
  Session,
  SessionOptions,
} from "../../pkg/types/snakelet.js";
import { Console, report } from "../host/console.js";
import * as args from "./arguments.js";
import { compileWasm, isServer, packageRoot, nodeModule } from "./assets.js";
import { PythonObject, toMachine } from "./bridge.js";
import type { Method, PlainOptions, ToPage, ToWorker } from "./protocol.js";
import { checkComplete, checkRun, checkSessionOptions, ended } from "./session.js";

interface Settle {
  resolve(value: any): void;
  reject(error: Error): void;
}

export class RemoteRuntime implements Runtime {
  #worker: Worker;
  #library: RuntimeOptions["stdlib"];
  #sessions = new Map<number, RemoteSession>();
  #calls = new Map<number, Settle>();
  #inputs = new Map<number, AbortController>();
  #next = 1;
  #loaded!: Settle;

  private constructor(worker: Worker, library: RuntimeOptions["stdlib"]) {
    this.#worker = worker;
    this.#library = library;
    worker.onmessage = (event: MessageEvent<ToPage>) => this.#receive(event.data);
    worker.onerror = (event) => this.#fail(new Error(`the worker failed: ${event.message || "its script did not load"}`));
  }

  static async load(options: RuntimeOptions): Promise<RemoteRuntime> {
    const root = packageRoot(options.indexURL);
    const runtime = new RemoteRuntime(await startWorker(new URL("worker.mjs", root)), options.stdlib);
    const module = options.wasm === undefined ? undefined : await compileWasm(root, options.wasm);
    const message: ToWorker = { kind: "load", indexURL: root.href, hasLibrary: options.stdlib !== undefined };
    if (module) message.wasm = module;
    const loaded = new Promise<void>((resolve, reject) => (runtime.#loaded = { resolve, reject }));
    runtime.send(message);
    await loaded;
    return runtime;
  }

  createSession(options?: SessionOptions): Session {
    checkSessionOptions(options);
    const id = this.#next++;
    const session = new RemoteSession(this, id, options ?? {});
    this.#sessions.set(id, session);
    return session;
  }

  dispose(): void {
    for (const session of [...this.#sessions.values()]) session.dispose();
    this.#worker.terminate();
    this.#fail(new Error("the runtime was disposed"));
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  forget(id: number): void {
    this.#sessions.delete(id);
  }

  call(session: number, method: Method, values: unknown[]): Promise<any> {
    const call = this.#next++;
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject });
      this.send({ kind: "call", call, session, method, arguments: values });
    });
  }

  #receive(message: ToPage): void {
    switch (message.kind) {
      case "loaded":
        if (message.error === undefined) this.#loaded.resolve(undefined);
        else this.#loaded.reject(new Error(message.error));
        break;
      case "answer": {
        const settle = this.#calls.get(message.call);
        this.#calls.delete(message.call);
        for (const object of message.objects ?? []) Object.setPrototypeOf(object, PythonObject.prototype);
        if (!message.error) settle?.resolve(message.value);
        else settle?.reject(new (message.error.name === "TypeError" ? TypeError : Error)(message.error.message));
        break;
      }
      case "ask":
        void this.#ask(message);
        break;
      case "cancel":
        this.#inputs.get(message.call)?.abort();
        break;
    }
  }

  async #ask({ call, session, callback, argument }: ToPage & { kind: "ask" }): Promise<void> {
    try {
      let value: unknown;
      if (callback === "stdlib") {
        value = await this.#library?.(argument);
      } else {
        const owner = this.#sessions.get(session)?.console;
        if (callback === "input") {
          const abort = new AbortController();
          this.#inputs.set(call, abort);
          value = owner ? await owner.input(argument, { signal: abort.signal }) : null;
          this.#inputs.delete(call);
        } else if (owner && callback !== "clock") {
          await owner[callback](argument);
        }
      }
      this.send({ kind: "reply", call, value });
    } catch (error) {
      report(error);
      this.send({ kind: "reply", call, error: String(error) });
    }
  }

  #fail(error: Error): void {
    this.#loaded?.reject(error);
    for (const settle of this.#calls.values()) settle.reject(error);
    this.#calls.clear();
  }
}

class RemoteSession implements Session {
  readonly globals: Globals;
  readonly console: Console;
  #runtime: RemoteRuntime;
  #id: number;
  #pending = 0;
  #disposed = false;
  #end!: () => void;
  #ended: Promise<"disposed">;

  constructor(runtime: RemoteRuntime, id: number, options: SessionOptions) {
    this.#runtime = runtime;
    this.#id = id;
    this.console = new Console(options);
    this.#ended = new Promise((resolve) => (this.#end = () => resolve("disposed")));
    const { stdout: _o, stderr: _e, input: _i, clock, ...plain } = options;
    if (typeof clock === "function") throw new TypeError("options.clock must be a number in a worker: a function cannot be called from there");
    const sent: PlainOptions = { ...plain, asks: options.input !== undefined || typeof globalThis.prompt === "function" };
    if (clock !== undefined) sent.clock = clock;
    runtime.send({ kind: "create", session: id, options: sent });
    const call = (method: Method, ...values: unknown[]) => this.#call(method, values);
    this.globals = {
      get: async (name) => call("get", args.checkString(name, "name")),
      set: async (name, value) => call("set", args.checkString(name, "name"), toMachine(value, "value")),
      has: async (name) => call("has", args.checkString(name, "name")),
      delete: async (name) => call("delete", args.checkString(name, "name")),
      keys: async () => call("keys"),
    };
  }

  get running(): boolean {
    return this.#pending > 0;
  }

  async run(code: string, options?: RunOptions): Promise<RunResult> {
    const { abort } = checkRun(code, options);
    const { signal: _, ...plain } = options ?? {};
    if (abort?.aborted) return ended("KeyboardInterrupt", "");
    const stop = () => this.stop();
    abort?.addEventListener("abort", stop);
    this.#pending++;
    try {
      const result = await Promise.race([this.#call("run", [code, plain]), this.#ended]);
      if (result === "disposed") return ended("SessionDisposed", "the session was disposed");
      return result;
    } finally {
      this.#pending--;
      abort?.removeEventListener("abort", stop);
    }
  }

  stop(): void {
    if (!this.#disposed) this.#runtime.send({ kind: "stop", session: this.#id });
  }

  async reset(): Promise<void> {
    await this.#call("reset", []);
  }

  async complete(text: string, cursor?: number): Promise<Completion> {
    checkComplete(text, cursor);
    return this.#call("complete", [text, cursor]);
  }

  async signature(text: string, cursor?: number): Promise<string | undefined> {
    checkComplete(text, cursor);
    return this.#call("signature", [text, cursor]);
  }

  async check(code: string): Promise<CheckResult> {
    return this.#call("check", [args.checkString(code, "code")]);
  }

  async writeFile(path: string, data: string | Uint8Array): Promise<void> {
    await this.#call("writeFile", [args.checkPath(path, "path"), args.checkBytes(data, "data")]);
  }

  async readFile(path: string): Promise<Uint8Array | undefined> {
    return this.#call("readFile", [args.checkPath(path, "path")]);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#end();
    this.#runtime.send({ kind: "dispose", session: this.#id });
    this.#runtime.forget(this.#id);
  }

  #call(method: Method, values: unknown[]): Promise<any> {
    if (this.#disposed) return Promise.reject(new Error("the session was disposed"));
    return this.#runtime.call(this.#id, method, values);
  }
}

/** Starts a module worker. A script of another origin may not be a worker, but a blob that imports it may. */
async function startWorker(url: URL): Promise<Worker> {
  if (typeof Worker === "undefined" && isServer()) return nodeWorker(url);
  const isForeign = typeof location !== "undefined" && url.origin !== location.origin;
  if (!isForeign) return new Worker(url, { type: "module" });
  const blob = new Blob([`import ${JSON.stringify(url.href)};`], { type: "text/javascript" });
  const address = URL.createObjectURL(blob);
  const worker = new Worker(address, { type: "module" });
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return worker;
}

/** Node's worker threads, dressed as a web worker. */
async function nodeWorker(url: URL): Promise<Worker> {
  const threads = await nodeModule("worker_threads");
  const thread = new threads.Worker(url, { type: "module" });
  const worker: any = {
    postMessage: (message: unknown) => thread.postMessage(message),
    terminate: () => void thread.terminate(),
  };
  thread.on("message", (data: unknown) => worker.onmessage?.({ data }));
  thread.on("error", (error: Error) => worker.onerror?.({ message: error.message }));
  return worker as Worker;
}
