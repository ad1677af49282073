/** The worker's side of `RemoteRuntime`: a `LocalRuntime` that is operated by messages. */

import type { LibrarySource } from "../../pkg/types/snakelet.js";
import { isServer, nodeModule } from "./assets.js";
import { PythonObject } from "./bridge.js";
import type { ToPage, ToWorker } from "./protocol.js";
import { LocalRuntime } from "./runtime.js";
import type { LocalSession } from "./session.js";

interface Port {
  postMessage(message: ToPage): void;
  listen(listener: (message: ToWorker) => void): void;
}

let runtime: LocalRuntime | undefined;
const sessions = new Map<number, LocalSession>();
/** What answers a call of a session whose options were refused. */
const refused = new Map<number, Error>();
const asks = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
let nextAsk = 1;

void open().then((port) => port.listen((message) => receive(port, message)));

function receive(port: Port, message: ToWorker): void {
  switch (message.kind) {
    case "load":
      void load(port, message);
      break;
    case "create":
      create(port, message);
      break;
    case "call":
      void answer(port, message);
      break;
    case "stop":
      sessions.get(message.session)?.stop();
      break;
    case "dispose":
      sessions.get(message.session)?.dispose();
      sessions.delete(message.session);
      break;
    case "reply": {
      const ask = asks.get(message.call);
      asks.delete(message.call);
      if (message.error === undefined) ask?.resolve(message.value);
      else ask?.reject(new Error(message.error));
      break;
    }
  }
}

async function load(port: Port, { indexURL, wasm, hasLibrary }: ToWorker & { kind: "load" }): Promise<void> {
  try {
    runtime = await LocalRuntime.load({
      indexURL,
      ...(wasm && { wasm }),
      ...(hasLibrary && { stdlib: (path: string) => ask(port, 0, "stdlib", path) as Promise<LibrarySource> }),
    });
    port.postMessage({ kind: "loaded" });
  } catch (error) {
    port.postMessage({ kind: "loaded", error: error instanceof Error ? error.message : String(error) });
  }
}

function create(port: Port, { session, options: { asks: mayAsk, ...options } }: ToWorker & { kind: "create" }): void {
  const forward = (callback: "stdout" | "stderr") => (text: string) => ask(port, session, callback, text) as Promise<void>;
  try {
    const created = runtime!.createLocalSession({
      ...options,
      stdout: forward("stdout"),
      stderr: forward("stderr"),
      input: mayAsk
        ? (prompt, { signal }) => ask(port, session, "input", prompt, signal) as Promise<string | null>
        : () => null,
    });
    sessions.set(session, created);
  } catch (error) {
    refused.set(session, error as Error);
  }
}

async function answer(port: Port, { call, session: id, method, arguments: values }: ToWorker & { kind: "call" }): Promise<void> {
  try {
    const session = sessions.get(id);
    if (!session) throw refused.get(id) ?? new Error("the session was disposed");
    const target = (method in session.globals ? session.globals : session) as unknown as Record<string, (...values: unknown[]) => unknown>;
    const value = await target[method]!(...values);
    const objects = pythonObjects(method === "run" ? (value as { value: unknown }).value : value);
    try {
      port.postMessage({ kind: "answer", call, value, objects });
    } catch {
      // Something in it cannot be copied.
      port.postMessage({ kind: "answer", call, value: { ...(value as object), value: undefined } });
    }
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    port.postMessage({ kind: "answer", call, error: { name, message } });
  }
}

/** Calls back into the page. */
function ask(
  port: Port,
  session: number,
  callback: (ToPage & { kind: "ask" })["callback"],
  argument: string,
  signal?: AbortSignal,
): Promise<unknown> {
  const call = nextAsk++;
  signal?.addEventListener("abort", () => port.postMessage({ kind: "cancel", call }));
  return new Promise((resolve, reject) => {
    asks.set(call, { resolve, reject });
    port.postMessage({ kind: "ask", call, session, callback, argument });
  });
}

/** The `PythonObject`s in a value: they lose their class on the way through the message, and get it back on the other side. */
function pythonObjects(value: unknown): PythonObject[] {
  const found: PythonObject[] = [];
  const seen = new Set<unknown>();
  const work: unknown[] = [value];
  while (work.length > 0) {
    const item = work.pop();
    if (typeof item !== "object" || item === null || ArrayBuffer.isView(item) || seen.has(item)) continue;
    seen.add(item);
    if (item instanceof PythonObject) found.push(item);
    else if (item instanceof Map) for (const entry of item) work.push(...entry);
    else if (item instanceof Set || Array.isArray(item)) for (const entry of item) work.push(entry);
    else for (const entry of Object.values(item)) work.push(entry);
  }
  return found;
}

async function open(): Promise<Port> {
  if (isServer() && typeof self === "undefined") {
    const { parentPort } = await nodeModule("worker_threads");
    return { postMessage: (m) => parentPort.postMessage(m), listen: (l) => parentPort.on("message", l) };
  }
  const scope = self as unknown as { postMessage(m: ToPage): void; addEventListener(type: "message", l: (e: MessageEvent<ToWorker>) => void): void };
  return { postMessage: (m) => scope.postMessage(m), listen: (l) => scope.addEventListener("message", (event) => l(event.data)) };
}
