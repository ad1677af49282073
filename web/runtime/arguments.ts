/** Checks of what a page passes in: every message names the argument. */

export function checkString(value: unknown, name: string): string {
  if (typeof value !== "string") throw new TypeError(`${name} must be a string, not ${kind(value)}`);
  return value;
}

export function checkOptionalString(value: unknown, name: string): string | undefined {
  return value === undefined ? undefined : checkString(value, name);
}

export function checkBoolean(value: unknown, name: string, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== "boolean") throw new TypeError(`${name} must be a boolean, not ${kind(value)}`);
  return value;
}

export function checkFunction<T>(value: T | undefined, name: string): T | undefined {
  if (value !== undefined && typeof value !== "function") throw new TypeError(`${name} must be a function, not ${kind(value)}`);
  return value;
}

/** A positive number or nothing. Infinity means no limit. */
export function checkLimit(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null || value === Infinity) return undefined;
  if (typeof value !== "number") throw new TypeError(`${name} must be a number, not ${kind(value)}`);
  if (!(value > 0)) throw new TypeError(`${name} must be greater than 0, not ${value}`);
  return value;
}

export function checkObject<T extends object>(value: T | undefined | null, name: string): Partial<T> {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw new TypeError(`${name} must be an object, not ${kind(value)}`);
  return value;
}

export function checkStrings(value: unknown, name: string): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array of strings, not ${kind(value)}`);
  return value.map((item, index) => checkString(item, `${name}[${index}]`));
}

export function checkRecord(value: unknown, name: string): [string, string][] {
  return Object.entries(checkObject(value as object, name)).map(([key, item]) => [key, checkString(item, `${name}[${quote(key)}]`)]);
}

export function checkBytes(value: unknown, name: string): Uint8Array {
  if (typeof value === "string") return new TextEncoder().encode(value);
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw new TypeError(`${name} must be a string or a Uint8Array, not ${kind(value)}`);
}

export function checkPath(value: unknown, name: string): string {
  const path = checkString(value, name);
  if (path === "" || path.includes("\0")) throw new TypeError(`${name} is not a path: ${quote(path)}`);
  return path;
}

export function checkFiles(value: unknown, name: string): [string, Uint8Array][] {
  return Object.entries(checkObject(value as object, name)).map(([path, data]) => [
    checkPath(path, `a key of ${name}`),
    checkBytes(data, `${name}[${quote(path)}]`),
  ]);
}

export function checkSignal(value: unknown, name: string): AbortSignal | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || typeof (value as AbortSignal).addEventListener !== "function" || !("aborted" in value)) {
    throw new TypeError(`${name} must be an AbortSignal, not ${kind(value)}`);
  }
  return value as AbortSignal;
}

export function checkSeed(value: unknown, name: string): bigint | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "bigint" && !(typeof value === "number" && Number.isSafeInteger(value))) {
    throw new TypeError(`${name} must be an integer, not ${kind(value)}`);
  }
  return BigInt.asUintN(64, BigInt(value));
}

export function checkClock(value: unknown, name: string): number | (() => number) | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "function") return value as () => number;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new TypeError(`${name} must be a finite number or a function, not ${kind(value)}`);
}

/** The value's kind, for messages. */
export function kind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value === "object") return "an object";
  return value === undefined ? "undefined" : `a ${typeof value}`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? text.slice(0, 60) + "…" : text);
}
