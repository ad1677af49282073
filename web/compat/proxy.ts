/**
 * PyProxy: Python objects in JavaScript's hands.
 *
 * A proxy holds one kept value of the machine and gives it back when destroyed or collected. Its methods are Pyodide's; every other
 * property is a Python attribute. What needs Python code runs synchronously through `Machine.call`.
 */

import { keptValues } from "../runtime/bridge.js";
import { Ability, deep, Kept } from "../runtime/raw.js";
import { convertDicts } from "./jsproxy.js";

/** What proxies need of the interpreter. */
export interface Machine {
  /** Calls a builtin or a kept value and converts the result as Pyodide does. */
  call(callable: string | Kept, args: unknown[], keywords?: string[], depth?: number): unknown;
  toJs(kept: Kept, depth: number): unknown;
  copy(kept: Kept): number;
  free(kept: Kept): void;
  /** A Python exception for JavaScript. */
  error(type: string, message: string): Error;
  /** Runs an awaitable to its end. */
  await(kept: Kept): Promise<unknown>;
}

interface Options {
  depth?: number;
  dict_converter?: (entries: Iterable<[unknown, unknown]>) => unknown;
  default_converter?: (proxy: unknown, convert: (value: unknown) => unknown, cache: (value: unknown, result: unknown) => void) => unknown;
  create_pyproxies?: boolean;
  pyproxies?: unknown[];
}

interface Inside {
  machine: Machine;
  kept: Kept | undefined;
  type: string;
  abilities: number;
  /** Made by `create_proxy`, or given to JavaScript as a result: not destroyed when a call that it was passed to is over. */
  lasting: boolean;
  destroyed?: string | undefined;
  /** Calls pass `this` as the first argument. */
  captures?: boolean;
  /** The end of an awaitable that was started. */
  promise?: Promise<unknown>;
}

const insides = new WeakMap<object, Inside>();

const registry = new FinalizationRegistry<{ machine: Machine; kept: Kept }>(({ machine, kept }) => {
  // Never inside of a call into the machine: callbacks of the registry are tasks of their own.
  machine.free(kept);
});

/** The class that `instanceof` asks for; proxies are made by `wrapKept`. */
export class PyProxy {
  static [Symbol.hasInstance](value: unknown): boolean {
    return (typeof value === "object" || typeof value === "function") && value !== null && insides.has(value);
  }
}

function classFor(test: (inside: Inside) => boolean) {
  return class {
    static [Symbol.hasInstance](value: unknown): boolean {
      const inside = isPyProxy(value) ? insides.get(value) : undefined;
      return inside !== undefined && test(inside);
    }
  };
}

const can = (ability: number) => classFor(({ abilities }) => (abilities & ability) !== 0);
const isA = (...types: string[]) => classFor(({ type }) => types.includes(type));

/** The classes of `pyodide.ffi`: what a proxy can do decides whether it is an instance. */
export const proxyClasses = {
  PyProxyWithLength: can(Ability.Length),
  PyProxyWithGet: can(Ability.Items),
  PyProxyWithSet: can(Ability.SetItems),
  PyProxyWithHas: can(Ability.Contains),
  PyDict: isA("dict"),
  PyIterable: can(Ability.Iterate),
  PyIterator: can(Ability.Next),
  PyGenerator: isA("generator"),
  PyAsyncGenerator: isA("async_generator"),
  PyAsyncIterable: isA("async_generator"),
  PyAsyncIterator: isA("async_generator"),
  PyAwaitable: can(Ability.Await),
  PyCallable: can(Ability.Call),
  PyBuffer: can(Ability.Buffer),
  // As in Pyodide any sequence is an instance of both.
  PySequence: can(Ability.Sequence),
  PyMutableSequence: can(Ability.Sequence),
};

/** A proxy for a kept value. */
export function wrapKept(machine: Machine, kept: Kept, type: string, abilities: number): object {
  const inside: Inside = { machine, kept, type, abilities, lasting: false };
  const target = abilities & Ability.Call ? function () {} : {};
  const proxy = new Proxy(target, handler(inside));
  insides.set(proxy, inside);
  keptValues.set(proxy, kept);
  registry.register(proxy, { machine, kept }, kept);
  return proxy;
}

/** The proxy is one of ours. */
export function isPyProxy(value: unknown): value is object {
  return ((typeof value === "object" && value !== null) || typeof value === "function") && insides.has(value as object);
}

/** Marks a proxy as one that its owner destroys. */
export function markLasting<T extends object>(proxy: T): T {
  const inside = insides.get(proxy);
  if (inside) inside.lasting = true;
  return proxy;
}

/** Has calls of the proxy pass `this` as the first argument. */
export function markCapturing<T extends object>(proxy: T): T {
  const inside = insides.get(proxy);
  if (inside) inside.captures = true;
  return proxy;
}

/** Makes the proxy a JavaScript object like any other to Python, where it would be the object behind it again. */
export function markRoundtrip<T extends object>(proxy: T): T {
  if (insides.has(proxy)) keptValues.delete(proxy);
  return proxy;
}

/** What Python knows the object behind a proxy by. */
export function unwrapProxy(proxy: object): Kept {
  return new Kept(alive(insides.get(proxy)!).kept);
}

/** Destroys a proxy that was lent to a call. */
export function releaseProxy(proxy: object): void {
  const inside = insides.get(proxy);
  if (!inside?.kept) return;
  destroy(inside, borrowedText);
}
releaseProxy.isBorrowed = (proxy: object): boolean => insides.get(proxy)?.lasting === false;

const debugHint = "For more information about the cause of this error, use `pyodide.setDebug(true)`";
const borrowedText =
  "This borrowed proxy was automatically destroyed at the end of a function call. Try using create_proxy or create_once_callable.";

function destroy(inside: Inside, message: string): void {
  const { kept } = inside;
  if (!kept) return;
  registry.unregister(kept);
  inside.kept = undefined;
  inside.destroyed = message;
  inside.machine.free(kept);
}

function handler(inside: Inside): ProxyHandler<object> {
  const method = (name: string | symbol): unknown => (Object.hasOwn(methods, name) ? methods[name as string] : undefined);
  return {
    get(_, name, receiver) {
      if (name === Symbol.iterator && inside.abilities & Ability.Next) return () => receiver;
      if (name === "type") return inside.type;
      if (name === "length") return inside.abilities & Ability.Length ? Number(call(inside, "len", alive(inside))) : undefined;
      const own = method(name);
      if (own && isOffered(name, inside)) return (own as (i: Inside) => unknown)(inside);
      if (name === Symbol.asyncIterator && isAsyncIterable(inside)) return () => iterateLater(inside);
      if (typeof name === "symbol") return undefined;
      if (name === "then" || name === "catch" || name === "finally") {
        if (!(inside.abilities & Ability.Await)) return name === "then" ? undefined : lookUp(inside, name);
        return (...values: any[]) => (started(inside) as any)[name](...values);
      }
      if (name === "prototype") return undefined;
      if (isSequence(inside)) {
        if (/^\d+$/.test(name)) return (methods["get"]!(inside) as (key: unknown) => unknown)(Number(name));
        if (changingMethods.has(name) && isMutable(inside)) return (...values: unknown[]) => change(inside, name, values, receiver);
        if (arrayMethods.has(name)) return (...values: unknown[]) => (Array.from(iterate(inside)) as any)[name](...values);
      }
      return lookUp(inside, name);
    },
    set(_, name, value) {
      if (typeof name === "symbol") return false;
      if (isMutable(inside) && /^\d+$/.test(name)) {
        call(inside, "operator.setitem", alive(inside), Number(name), value);
        return true;
      }
      call(inside, "setattr", alive(inside), attribute(name), value);
      return true;
    },
    has(_, name) {
      if (typeof name === "symbol") return name === Symbol.iterator && (inside.abilities & Ability.Iterate) !== 0;
      if (isSequence(inside) && /^\d+$/.test(name)) return Number(name) < Number(call(inside, "len", alive(inside)));
      return name === "type" || (method(name) !== undefined && isOffered(name, inside)) || call(inside, "hasattr", alive(inside), attribute(name)) === true;
    },
    deleteProperty(_, name) {
      if (typeof name === "symbol") return false;
      if (isMutable(inside) && /^\d+$/.test(name)) {
        call(inside, "operator.delitem", alive(inside), Number(name));
        return true;
      }
      call(inside, "delattr", alive(inside), attribute(name));
      return true;
    },
    apply(_, self, args: unknown[]) {
      return invoke(inside, withThis(inside, self, args));
    },
    getPrototypeOf: () => (inside.abilities & Ability.Call ? Function.prototype : PyProxy.prototype),
    ownKeys() {
      const names = inside.machine.call("dir", [alive(inside)], [], 1) as string[];
      return inside.abilities & Ability.Call ? [...new Set(["prototype", ...names])] : names;
    },
  };
}

/** A name that JavaScript reserves can be written with `$` in front or an underscore less. */
function attribute(name: string): string {
  return name.startsWith("$") ? name.slice(1) : name;
}

function isOffered(name: string | symbol, { abilities, type }: Inside): boolean {
  switch (name) {
    case "get":
      return (abilities & Ability.Items) !== 0;
    case "set":
    case "delete":
      return (abilities & Ability.SetItems) !== 0;
    case "has":
      return (abilities & Ability.Contains) !== 0;
    case Symbol.iterator:
      return (abilities & Ability.Iterate) !== 0;
    case "asJsJson":
      return (abilities & Ability.Items) !== 0;
    case "next":
      return (abilities & Ability.Next) !== 0 || type === "async_generator";
    case "return":
    case "throw":
      return type === "generator" || type === "async_generator";
    case "getBuffer":
      return (abilities & Ability.Buffer) !== 0;
    case "call":
    case "apply":
    case "bind":
    case "callKwargs":
    case "callRelaxed":
    case "callKwargsRelaxed":
    case "callWithOptions":
    case "callPromising":
    case "callPromisingKwargs":
    case "captureThis":
      return (abilities & Ability.Call) !== 0;
    default:
      return true;
  }
}

const methods: Record<string | symbol, (inside: Inside) => unknown> = {
  toString: (inside: Inside) => () => call(inside, "str", alive(inside)),
  [Symbol.toPrimitive]: (inside: Inside) => () => call(inside, "str", alive(inside)),
  [Symbol.toStringTag]: (_: Inside) => "PyProxy",
  toJs: (inside) => (options?: Options) => toJs(inside, options),
  toJSON: (inside) => () => toJs(inside, undefined),
  copy: (inside) => () => {
    const { machine, type, abilities } = inside;
    return wrapKept(machine, new Kept(machine.copy(alive(inside))), type, abilities);
  },
  destroy: (inside) => (options?: { message?: string } | string) => {
    const message = typeof options === "string" ? options : options?.message;
    destroy(inside, message ?? "Object has already been destroyed");
  },
  isAlive: (inside) => inside.kept !== undefined,
  getBuffer: (inside) => (type?: string) => {
    const parts = inside.machine.call("pyodide.ffi._buffer", [alive(inside)], [], deep) as BufferParts;
    return buffer(parts, type, (bytes) => void (inside.kept && call(inside, "pyodide.ffi._write_back", inside.kept, bytes)));
  },
  asJsJson: (inside) => () => jsonView(inside),
  next: (inside) => (value?: unknown) => {
    if (inside.type === "async_generator") return stepLater(inside, "_asend_py", value);
    return step(inside, () => (value === undefined ? call(inside, "next", alive(inside)) : call(inside, "pyodide.ffi._send", alive(inside), value)));
  },
  return: (inside) => (value?: unknown) => {
    if (inside.type === "async_generator") return stepLater(inside, "_areturn_py", value);
    return step(inside, () => call(inside, "pyodide.ffi._return_py", alive(inside), value));
  },
  throw: (inside) => (error?: unknown) => {
    if (inside.type === "async_generator") return stepLater(inside, "_athrow_py", error);
    return step(inside, () => call(inside, "pyodide.ffi._throw_py", alive(inside), error));
  },
  get: (inside) => (key: unknown) => {
    try {
      return call(inside, "operator.getitem", alive(inside), key);
    } catch (error) {
      if (isLookupError(error)) return undefined;
      throw error;
    }
  },
  set: (inside) => (key: unknown, value: unknown) => void call(inside, "operator.setitem", alive(inside), key, value),
  has: (inside) => (key: unknown) => call(inside, "operator.contains", alive(inside), key),
  delete: (inside) => (key: unknown) => void call(inside, "operator.delitem", alive(inside), key),
  call: (inside) => (self: unknown, ...args: unknown[]) => invoke(inside, withThis(inside, self, args)),
  apply: (inside: Inside) => (self: unknown, args: Iterable<unknown>) => invoke(inside, withThis(inside, self, [...args])),
  bind: (inside) => (self: unknown, ...first: unknown[]) => (...rest: unknown[]) => invoke(inside, withThis(inside, self, [...first, ...rest])),
  callKwargs: (inside) => (...args: unknown[]) => invoke(inside, args, { kwargs: true }),
  callRelaxed: (inside) => (...args: unknown[]) => invoke(inside, args, { relaxed: true }),
  callKwargsRelaxed: (inside) => (...args: unknown[]) => invoke(inside, args, { kwargs: true, relaxed: true }),
  callWithOptions: (inside) => (options: CallOptions, ...args: unknown[]) => {
    return options?.promising ? Promise.resolve().then(() => invoke(inside, args, options)) : invoke(inside, args, options);
  },
  callPromising: (inside) => async (...args: unknown[]) => invoke(inside, args),
  callPromisingKwargs: (inside) => async (...args: unknown[]) => invoke(inside, args, { kwargs: true }),
  captureThis: (inside) => () => {
    const { machine, type, abilities } = inside;
    return markCapturing(wrapKept(machine, new Kept(machine.copy(alive(inside))), type, abilities));
  },
  [Symbol.iterator]: (inside: Inside) => () => iterate(inside),
};

const arrayMethods = new Set(
  ("join slice lastIndexOf indexOf forEach map filter some every reduce reduceRight at concat includes entries keys values find findIndex").split(" "),
);

const changingMethods = new Set("push pop shift unshift splice sort reverse fill copyWithin".split(" "));

/** What a generator's method answers, from a call that raises StopIteration at the end. */
function step(inside: Inside, take: () => unknown): { done: boolean; value: unknown } {
  try {
    return { done: false, value: take() };
  } catch (error) {
    if ((error as { type?: string }).type !== "StopIteration") throw error;
    return { done: true, value: call(inside, "pyodide.ffi._stop_value", keptValues.get(error as object)) };
  }
}

/** The same for an asynchronous one. */
async function stepLater(inside: Inside, name: string, value: unknown): Promise<{ done: boolean; value: unknown }> {
  const [done, result] = (await (call(inside, `pyodide.ffi.${name}`, alive(inside), value) as Promise<Iterable<unknown>>)) as [boolean, unknown];
  return { done, value: result };
}

interface CallOptions {
  kwargs?: boolean;
  relaxed?: boolean;
  promising?: boolean;
}

function withThis({ captures }: Inside, self: unknown, args: unknown[]): unknown[] {
  return captures ? [self, ...args] : args;
}

/** Calls a Python object. The coroutine of an async function starts at once, as in Pyodide. */
function invoke(inside: Inside, args: unknown[], { kwargs, relaxed }: CallOptions = {}): unknown {
  if (kwargs && args.length === 0) throw new TypeError("callKwargs requires at least one argument (the key word argument object)");
  const last = kwargs ? (args = [...args]).pop() : {};
  if (typeof last !== "object" || last === null) throw new TypeError("kwargs argument is not an object");
  const named = Object.entries(last);
  const values = [...args, ...named.map(([, value]) => value)];
  const keywords = named.map(([name]) => name);
  const kept = alive(inside);
  const result = relaxed
    ? inside.machine.call("pyodide.code.relaxed_call", [kept, ...values], keywords)
    : inside.machine.call(kept, values, keywords);
  if (isPyProxy(result)) {
    const made = insides.get(result)!;
    if (made.type === "coroutine" && made.kept) void started(made);
  }
  return result;
}

/** The end of an awaitable; it is awaited once, whoever asks. */
function started(inside: Inside): Promise<unknown> {
  return (inside.promise ??= inside.machine.await(alive(inside)));
}

/** JavaScript's methods that change an array, for a list. */
function change(inside: Inside, name: string, values: unknown[], receiver: unknown): unknown {
  const kept = alive(inside);
  if (name === "sort" && values[0] !== undefined) {
    call(inside, "pyodide.ffi._sorted_by", kept, values[0]);
    return receiver;
  }
  if (name === "push") {
    call(inside, "pyodide.ffi._replace", kept, Number(call(inside, "len", kept)), values);
    return call(inside, "len", kept);
  }
  const items: any = Array.from(iterate(inside));
  const result = items[name](...values);
  call(inside, "pyodide.ffi._replace", kept, 0, items);
  return result === items ? receiver : result;
}

function isMutable({ type }: Inside): boolean {
  return type === "list" || type === "collections.deque";
}

function isAsyncIterable({ type, kept, machine }: Inside): boolean {
  return type === "async_generator" || (kept !== undefined && machine.call("hasattr", [kept, "__aiter__"]) === true);
}

async function* iterateLater(inside: Inside): AsyncGenerator<unknown> {
  const iterator = call(inside, "aiter", alive(inside));
  for (;;) {
    let item: unknown;
    try {
      item = await (call(inside, "anext", iterator) as Promise<unknown>);
    } catch (error) {
      if ((error as { type?: string }).type === "StopAsyncIteration") return;
      throw error;
    }
    yield item;
  }
}

/** Bytes, format, item size, shape, strides, dimensions, size, whether it may not be written, whether it is C or Fortran contiguous. */
type BufferParts = [Uint8Array, string, number, number[], number[], number, number, boolean, boolean, boolean];

const arrays: Record<string, any> = {
  i8: Int8Array, u8: Uint8Array, u8clamped: Uint8ClampedArray, i16: Int16Array, u16: Uint16Array, i32: Int32Array, u32: Uint32Array,
  i64: BigInt64Array, u64: BigUint64Array, f32: Float32Array, f64: Float64Array, dataview: DataView,
};
const formats: Record<string, string> = {
  b: "i8", B: "u8", c: "u8", "?": "u8", h: "i16", H: "u16", i: "i32", I: "u32", l: "i32", L: "u32", n: "i32", N: "u32", q: "i64", Q: "u64", f: "f32", d: "f64",
};

/** A copy of a buffer, as `getBuffer` answers; what was changed in it is written back when it is released. */
function buffer([bytes, format, itemsize, shape, strides, ndim, nbytes, readonly, isC, isF]: BufferParts, type: string | undefined, writeBack: (bytes: Uint8Array) => void): object {
  const kind = type ?? formats[format.replace(/^[@=<]/, "")];
  if (kind === undefined || !Object.hasOwn(arrays, kind)) throw new Error(`Unknown type ${type ?? format}`);
  const now = bytes.slice();
  const data = new arrays[kind](now.buffer);
  let isReleased = false;
  return {
    data, format, itemsize, shape, ndim, nbytes, readonly, strides: strides.map((stride) => stride / itemsize), offset: 0,
    c_contiguous: isC, f_contiguous: isF,
    release() {
      if (isReleased) return;
      isReleased = true;
      if (!readonly && isC && now.some((byte, index) => byte !== bytes[index])) writeBack(now);
    },
  };
}

/** `asJsJson`: a dict as an object, a list as an array, at every level; what is changed is changed in Python. */
function jsonView(inside: Inside): object {
  const isList = isSequence(inside);
  const at = (key: string): unknown => {
    const value = call(inside, "operator.getitem", alive(inside), isList ? Number(key) : key);
    const part = isPyProxy(value) ? insides.get(value)! : undefined;
    return part && (part.type === "dict" || isSequence(part)) ? jsonView(part) : value;
  };
  const keys = (): string[] => {
    if (isList) return Array.from({ length: Number(call(inside, "len", alive(inside))) }, (_, index) => String(index));
    return Array.from(iterate(inside), String);
  };
  const has = (name: string | symbol): name is string => {
    if (typeof name === "symbol") return false;
    if (isList) return /^\d+$/.test(name) && Number(name) < Number(call(inside, "len", alive(inside)));
    return call(inside, "operator.contains", alive(inside), name) === true;
  };
  return new Proxy(isList ? [] : {}, {
    get: (target, name) => {
      if (isList && name === "length") return keys().length;
      return has(name) ? at(name) : Reflect.get(target, name);
    },
    set(_, name, value) {
      if (typeof name === "symbol") return false;
      call(inside, "operator.setitem", alive(inside), isList ? Number(name) : name, value);
      return true;
    },
    deleteProperty(_, name) {
      if (!has(name)) return true;
      call(inside, "operator.delitem", alive(inside), isList ? Number(name) : name);
      return true;
    },
    has: (_, name) => has(name),
    ownKeys: () => (isList ? [...keys(), "length"] : keys()),
    getOwnPropertyDescriptor: (target, name) => {
      if (isList && name === "length") return { ...Reflect.getOwnPropertyDescriptor(target, name)!, value: keys().length };
      return has(name) ? { value: at(name), writable: true, enumerable: true, configurable: true } : undefined;
    },
  });
}

function isSequence({ type, abilities }: Inside): boolean {
  return (abilities & Ability.Sequence) !== 0 && type !== "bytes" && type !== "bytearray" && type !== "array.array";
}

function lookUp(inside: Inside, name: string): unknown {
  const kept = alive(inside);
  return call(inside, "hasattr", kept, attribute(name)) ? call(inside, "getattr", kept, attribute(name)) : undefined;
}

function* iterate(inside: Inside): Generator<unknown> {
  const iterator = call(inside, "iter", alive(inside));
  const end = {};
  for (;;) {
    let item: unknown = end;
    try {
      item = call(inside, "next", iterator);
    } catch (error) {
      if ((error as { type?: string }).type !== "StopIteration") throw error;
    }
    if (item === end) return;
    yield item;
  }
}

function toJs(inside: Inside, options: Options | undefined): unknown {
  const depth = options?.depth ?? -1;
  let value: any;
  try {
    value = inside.machine.toJs(alive(inside), depth < 0 ? deep : depth);
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    throw message.startsWith("Cannot use ") ? inside.machine.error("ConversionError", message) : error;
  }
  const { dict_converter: convert, default_converter: other, pyproxies, create_pyproxies } = options ?? {};
  if (convert) value = convertDicts(value, convert);
  if (other || pyproxies || create_pyproxies === false) {
    value = walk(value, (proxy) => {
      if (other) {
        const again = (item: unknown): unknown => (isPyProxy(item) ? other(item, again, () => {}) : item);
        return other(proxy, again, () => {});
      }
      if (create_pyproxies === false) throw inside.machine.error("pyodide.ffi.ConversionError", "No conversion known for x.");
      pyproxies!.push(proxy);
      return proxy;
    });
  }
  return value;
}

/** Replaces the proxies in converted data. */
function walk(value: unknown, replace: (proxy: object) => unknown, seen = new Set<object>()): unknown {
  if (isPyProxy(value)) return replace(value);
  if (typeof value !== "object" || value === null || seen.has(value) || ArrayBuffer.isView(value)) return value;
  seen.add(value);
  if (Array.isArray(value)) value.forEach((item, index) => (value[index] = walk(item, replace, seen)));
  else if (value instanceof Map) for (const [key, item] of [...value]) value.set(key, walk(item, replace, seen));
  else if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, item] of Object.entries(value)) (value as Record<string, unknown>)[key] = walk(item, replace, seen);
  }
  return value;
}

function alive(inside: Inside): Kept {
  if (!inside.kept) throw new Error(`${inside.destroyed ?? "Object has already been destroyed"}\n${debugHint}`);
  return inside.kept;
}

function call(inside: Inside, name: string, ...args: unknown[]): unknown {
  return inside.machine.call(name, args);
}

function isLookupError(error: unknown): boolean {
  const type = (error as { type?: string }).type;
  return type === "KeyError" || type === "IndexError";
}
