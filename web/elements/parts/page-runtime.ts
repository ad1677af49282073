/**
 * The page's runtime: loaded once, when the first element wants it, and shared by all of them; and the sessions that elements
 * share by name.
 */

import { createRuntime } from "../../runtime/index.js";
import type { RunOptions, RunResult, Runtime, RuntimeOptions, Session, SessionOptions } from "../../../pkg/types/snakelet.js";

let runtime: Promise<Runtime> | undefined;
let given: RuntimeOptions = {};

/** Options for the page's runtime, above all `indexURL`, before an element loads it: for pages whose scripts went through a bundler. */
export function configure(options: Pick<RuntimeOptions, "indexURL">): void {
  if (runtime) throw new Error("configure() must be called before an element loads Python");
  given = { ...options };
}
const named = new Map<string, PageSession>();

/** The page's runtime. Whoever does not await it need not care about its failure: it is reported where it is used. */
export function pageRuntime(): Promise<Runtime> {
  if (!runtime) {
    runtime = inlineAssets().then((options) => createRuntime({ ...options, ...given, progress: (event) => waiting.forEach((listener) => listener(event)) }));
    // A failed download can be tried again.
    runtime.catch(() => (runtime = undefined));
  }
  return runtime;
}

type Progress = { loaded: number; total: number | undefined };
const waiting = new Set<(event: Progress) => void>();

/** Tells about the download of the runtime, until the promise is settled. */
export function whileLoading(promise: Promise<unknown>, listener: (event: Progress) => void): void {
  waiting.add(listener);
  const done = () => waiting.delete(listener);
  promise.then(done, done);
}

/** Whoever receives a run's output and answers its questions. */
export interface Sink {
  stdout(text: string): void | Promise<void>;
  stderr(text: string): void | Promise<void>;
  input(prompt: string, signal: AbortSignal): Promise<string | null>;
}

/** A session that several elements may use, one after the other. */
export class PageSession {
  /** Set-up codes that have run in the current `__main__`. */
  readonly prepared = new Set<string>();
  #session: Session;
  #sink: Sink | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(runtime: Runtime, options: SessionOptions) {
    this.#session = runtime.createSession({
      ...options,
      stdout: (text) => this.#sink?.stdout(text),
      stderr: (text) => this.#sink?.stderr(text),
      input: (prompt, { signal }) => this.#sink?.input(prompt, signal) ?? null,
    });
  }

  /** The session of that name, or a new one without a name. */
  static async open(name: string | null, options: SessionOptions): Promise<PageSession> {
    const home = await pageRuntime();
    let session = name ? named.get(name) : undefined;
    if (!session) {
      session = new PageSession(home, options);
      if (name) named.set(name, session);
    }
    return session;
  }

  /** Runs after whatever runs in this session already. `onStart` is called when it is this run's turn. */
  run(sink: Sink, code: string, options: RunOptions = {}, onStart?: () => void): Promise<RunResult> {
    const turn = this.#queue.then(() => {
      this.#sink = sink;
      if (options.fresh) this.prepared.clear();
      onStart?.();
      return this.#session.run(code, options);
    });
    this.#queue = turn.catch(() => {});
    return turn;
  }

  stop(): void {
    this.#session.stop();
  }

  async reset(): Promise<void> {
    this.prepared.clear();
    await this.#session.reset();
  }

  get raw(): Session {
    return this.#session;
  }
}

/** In a page that carries everything inside of itself (`cargo xtask build --single-file`), the wasm and the library are there already. */
async function inlineAssets(): Promise<RuntimeOptions> {
  const element = document.getElementById("snakelet-assets");
  if (!element) return {};
  const { wasm, library } = JSON.parse(element.textContent ?? "") as { wasm: string; library: Record<string, string> };
  const bytes = async (text: string) => {
    const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  };
  return {
    indexURL: "https://invalid.invalid/",
    wasm: await bytes(wasm),
    stdlib: (path) => (Object.hasOwn(library, path) ? bytes(library[path]!) : null),
  };
}
