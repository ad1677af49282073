/** A runtime on the calling thread: one wasm instance, its sessions, and the library they share. */

import type { Runtime, RuntimeOptions, Session, SessionOptions } from "../../pkg/types/snakelet.js";
import { Library } from "../host/modules.js";
import { compileWasm, packageRoot } from "./assets.js";
import * as args from "./arguments.js";
import { type Engine, Instance, wasmEngine } from "./raw.js";
import { type BridgeHost, type Home, LocalSession } from "./session.js";

export class LocalRuntime implements Runtime {
  #engine: () => Engine;
  #instance: Instance;
  #library: Library;
  #sessions = new Set<LocalSession>();
  #disposed = false;
  #root: URL;
  #bridge: ReturnType<Home["bridge"]> | undefined;

  /** `engine` makes an instance; it is called again after a failure. */
  constructor(engine: () => Engine, library: Library, root: URL) {
    this.#root = root;
    this.#engine = engine;
    this.#library = library;
    this.#instance = new Instance(engine());
  }

  static async load(options: RuntimeOptions): Promise<LocalRuntime> {
    const root = packageRoot(options.indexURL);
    const module = await compileWasm(root, options.wasm, args.checkFunction(options.progress, "options.progress"));
    return new LocalRuntime(() => wasmEngine(module), new Library(new URL("stdlib/", root), options.stdlib), root);
  }

  createSession(options?: SessionOptions): Session {
    return this.createLocalSession(options);
  }

  createLocalSession(options?: SessionOptions, bridge?: BridgeHost): LocalSession {
    if (this.#disposed) throw new Error("the runtime was disposed");
    const home: Home = {
      instance: () => {
        if (this.#instance.failure) this.#instance = new Instance(this.#engine());
        return this.#instance;
      },
      library: this.#library,
      bridge: () => (this.#bridge ??= import(/* webpackIgnore: true */ /* @vite-ignore */ new URL("bridge.mjs", this.#root).href)),
      forget: (session) => this.#sessions.delete(session),
    };
    const session = new LocalSession(home, options, bridge);
    this.#sessions.add(session);
    return session;
  }

  dispose(): void {
    this.#disposed = true;
    for (const session of [...this.#sessions]) session.dispose();
  }
}
