/** The package's main entry: `createRuntime`. */

import type { Runtime, RuntimeOptions } from "../../pkg/types/snakelet.js";
import * as args from "./arguments.js";
import { RemoteRuntime } from "./remote.js";
import { LocalRuntime } from "./runtime.js";

export { PythonObject } from "./bridge.js";
export { version } from "./version.js";

export async function createRuntime(options?: RuntimeOptions): Promise<Runtime> {
  const { indexURL, worker, wasm, stdlib, progress } = args.checkObject<RuntimeOptions>(options, "options");
  const checked: RuntimeOptions = {};
  if (indexURL !== undefined) checked.indexURL = indexURL instanceof URL ? indexURL : args.checkString(indexURL, "options.indexURL");
  if (wasm !== undefined) {
    if (!isWasmSource(wasm)) throw new TypeError(`options.wasm must be bytes, a module or a response, not ${args.kind(wasm)}`);
    checked.wasm = wasm;
  }
  if (args.checkFunction(stdlib, "options.stdlib")) checked.stdlib = stdlib!;
  if (args.checkFunction(progress, "options.progress")) checked.progress = progress!;
  return args.checkBoolean(worker, "options.worker", false) ? RemoteRuntime.load(checked) : LocalRuntime.load(checked);
}

function isWasmSource(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof WebAssembly.Module || value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return true;
  return typeof (value as Response).arrayBuffer === "function" || typeof (value as Promise<Response>).then === "function";
}
