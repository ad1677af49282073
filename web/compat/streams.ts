/** `setStdin`, `setStdout` and `setStderr`: Pyodide's handlers over the session's console. */

import type { StdinOptions, StdoutOptions } from "../../pkg/types/pyodide.js";
import { checkFunction, checkObject } from "../runtime/arguments.js";

/** A writer for the session from Pyodide's options; undefined when there is no handler in them. */
export function writer(options: StdoutOptions | undefined, name: string): ((text: string) => void) | undefined {
  const { batched, raw, write } = checkObject<StdoutOptions>(options, "options");
  const given = [batched, raw, write].filter((handler) => handler !== undefined);
  if (given.length > 1) throw new TypeError(`${name}: pass one of options.batched, options.raw and options.write`);
  if (options?.isatty && !raw && !write) throw new TypeError("Cannot set 'isatty' to true unless 'raw' or 'write' is provided");
  checkFunction(batched, "options.batched");
  checkFunction(raw, "options.raw");
  checkFunction(write, "options.write");
  if (batched) return lineWriter(batched);
  if (raw) {
    return (text) => {
      for (const byte of new TextEncoder().encode(text)) raw(byte);
    };
  }
  if (!write) return undefined;
  return (text) => {
    let bytes = new TextEncoder().encode(text);
    while (bytes.length > 0) {
      const taken = write(bytes);
      if (!(taken > 0)) return;
      bytes = bytes.subarray(taken);
    }
  };
}

/** Whole lines, without their newlines. What has none yet waits. */
export function lineWriter(write: (line: string) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    for (const part of parts) write(part);
  };
}

/** A reader of lines from Pyodide's options; undefined when there is no handler in them. */
export function reader(options: StdinOptions | undefined): (() => string | undefined) | undefined {
  const { stdin, read, error } = checkObject<StdinOptions>(options, "options");
  checkFunction(stdin, "options.stdin");
  checkFunction(read, "options.read");
  if (error) {
    return () => {
      throw new Error("I/O error");
    };
  }
  const decoder = new TextDecoder();
  let buffered = "";
  const more = (): string | undefined => {
    if (stdin) {
      const data = stdin();
      if (data === null || data === undefined) return undefined;
      if (typeof data === "number") return String.fromCharCode(data);
      const text = typeof data === "string" ? data : decoder.decode(data);
      return text.endsWith("\n") ? text : text + "\n";
    }
    const buffer = new Uint8Array(4096);
    const count = read!(buffer);
    return count > 0 ? decoder.decode(buffer.subarray(0, count), { stream: true }) : undefined;
  };
  if (!stdin && !read) return undefined;
  return () => {
    while (!buffered.includes("\n")) {
      const text = more();
      if (text === undefined) break;
      buffered += text;
    }
    if (buffered === "") return undefined;
    const end = buffered.indexOf("\n") + 1 || buffered.length;
    const line = buffered.slice(0, end);
    buffered = buffered.slice(end);
    return line;
  };
}

/** Where programs read from when nobody said anything: the terminal under Node, the browser's prompt on a page. */
export function defaultReader(): () => string | undefined {
  const process = (globalThis as { process?: { getBuiltinModule?: (name: string) => any } }).process;
  const fs = typeof document === "undefined" ? process?.getBuiltinModule?.("node:fs") : undefined;
  if (!fs) {
    return () => {
      const line = typeof prompt === "function" ? prompt() : null;
      return line === null ? undefined : line + "\n";
    };
  }
  return reader({
    read: (buffer) => {
      for (;;) {
        try {
          return fs.readSync(0, buffer);
        } catch (error) {
          const code = (error as { code?: string }).code;
          if (code === "EOF") return 0;
          if (code !== "EAGAIN") throw error;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
        }
      }
    },
  })!;
}
