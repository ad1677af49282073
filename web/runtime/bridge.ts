/**
 * JavaScript values on their way into Python, and what stands for Python objects outside of it.
 *
 * The machine's side of the conversion (`src/js/convert.rs`) takes null, booleans, numbers, BigInts, strings, Uint8Arrays, arrays,
 * Maps and Sets. Everything else is brought into that form here, or refused with a TypeError that names the argument.
 */

import { kind } from "./arguments.js";
import { Kept } from "./raw.js";

/** What objects on our side stand for values that the machine keeps. */
export const keptValues = new WeakMap<object, Kept>();

/** Nesting that is converted; deeper or cyclic data is refused. */
const deepest = 200;

/** Checks and normalises a value for the machine. */
export function toMachine(value: unknown, name: string, depth = 0): unknown {
  switch (typeof value) {
    case "undefined":
      return null;
    case "boolean":
    case "number":
    case "bigint":
    case "string":
      return value;
    case "function": {
      const kept = keptValues.get(value);
      if (kept) return kept;
    }
    // falls through
    case "symbol":
      throw new TypeError(`${name} cannot be converted to a Python object: ${kind(value)}`);
  }
  if (value === null || value === undefined || value instanceof Uint8Array || value instanceof Kept) return value;
  const keptObject = keptValues.get(value as object);
  if (keptObject) return keptObject;
  if (depth > deepest) throw new TypeError(`${name} is nested too deeply`);
  const convert = (item: unknown) => toMachine(item, name, depth + 1);
  if (Array.isArray(value)) return value.map(convert);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [convert(key), convert(item)]));
  if (value instanceof Set) return new Set([...value].map(convert));
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) {
    if (value instanceof DataView) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return Array.from(value as unknown as Iterable<number | bigint>);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null) {
    return new Map(Object.entries(value as object).map(([key, item]) => [key, convert(item)]));
  }
  throw new TypeError(`${name} cannot be converted to a Python object: an instance of ${(value as object).constructor?.name || "a class"}`);
}

/** What stands for a Python object that has no JavaScript counterpart. */
export class PythonObject {
  static {
    // Its name is part of what a developer sees in the console, also after bundling.
    Object.defineProperty(this, "name", { value: "PythonObject" });
  }
  readonly type: string;
  readonly repr: string;

  constructor(type: string, repr: string) {
    this.type = type;
    this.repr = repr;
  }

  toString(): string {
    return this.repr;
  }
}
