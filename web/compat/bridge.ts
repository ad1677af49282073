/** What a session with `permissions: { js: true }` loads: its program may `import js`, and its objects become proxies. */

import { type Owner, PythonError, PythonMachine } from "./machine.js";
import { PyProxy, proxyClasses } from "./proxy.js";

export function createMachine(owner: Owner): PythonMachine {
  return new PythonMachine(owner);
}

/** The objects that Python may ask for by name. */
export function roots(): Record<string, unknown> {
  return { globals: globalThis, ffi: { ...proxyClasses, PyProxy, PythonError } };
}
