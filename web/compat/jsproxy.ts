/**
 * JavaScript objects in Python's hands: what the operations of Python's `JsProxy` mean for a given object.
 *
 * `operate` is called by the machine while it runs (`src/js/proxy.rs`), so nothing here may call into the machine. It answers
 * `absent` where there is no such thing, which the machine turns into the error that fits.
 */

import { keptValues } from "../runtime/bridge.js";
import { isPyProxy, markCapturing, markLasting, markRoundtrip, releaseProxy, unwrapProxy } from "./proxy.js";

const enum Op {
  Get,
  Set,
  Delete,
  Names,
  Text,
  Length,
  Item,
  SetItem,
  DeleteItem,
  Contains,
  Iterate,
  Next,
  True,
  Kinds,
  Id,
  Root,
  Thrown,
  End,
}

/** Kinds of objects, as bits; `pyodide/ffi/__init__.py` has the same numbers. */
const enum Kind {
  Array = 1,
  TypedArray = 2,
  Map = 4,
  Promise = 8,
  Callable = 16,
  Iterator = 32,
  Iterable = 64,
  Error = 128,
  Buffer = 256,
  Set = 512,
  PlainObject = 1024,
  Generator = 2048,
  /** It has `get`, and `set` or `has`, as maps have. */
  Getter = 4096,
  AsyncIterator = 8192,
  AsyncIterable = 16384,
  DoubleProxy = 32768,
  Length = 65536,
  /** `as_py_json`: objects as dicts, arrays as lists. */
  Json = 131072,
  MutableMap = 262144,
  AsyncGenerator = 524288,
  WeakRef = 1048576,
}

export const reserved = new Set(
  ("False None True and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with yield match case type").split(" "),
);

/** The names of the objects that are modules in Python. */
const modules = new WeakMap<object, string>();
const ids = new WeakMap<object, number>();
let nextId = 1;
/** Views of objects as maps; whether the objects in them are views as well. */
const jsonViews = new WeakMap<object, boolean>();

/** The operations on behalf of one session. `roots` are the objects that Python may ask for by name. */
export function createOperate(roots: Record<string, unknown>, absent: () => unknown) {
  /** What the iterator that was asked last returned at its end; null: it is none. */
  let end: unknown;
  return (op: Op, target: any, a: any, b: any): unknown => {
    switch (op) {
      case Op.Get: {
        const name = property(target, a);
        if (name !== undefined) return target[name];
        if ((a === "__name__" || a === "__path__") && modules.has(target)) {
          if (a === "__name__") return modules.get(target);
          // Registered ones are packages of what is in them.
          if (target !== globalThis) return [];
        }
        return absent();
      }
      case Op.Set:
        target[property(target, a) ?? demangle(a)] = b;
        return undefined;
      case Op.Delete: {
        const name = property(target, a);
        if (name !== undefined) delete target[name];
        return undefined;
      }
      case Op.Names:
        return names(target);
      case Op.Text:
        return describe(target);
      case Op.Length: {
        if (isIndexed(target)) return target.length;
        if (jsonViews.has(target)) return Object.keys(target).length;
        if (typeof target?.size === "number") return target.size;
        if (typeof target?.length === "number" && typeof target !== "function") return target.length;
        return absent();
      }
      case Op.Item:
        return item(target, a, absent);
      case Op.SetItem:
        return setItem(target, a, b, absent);
      case Op.DeleteItem:
        return deleteItem(target, a, absent);
      case Op.Contains:
        if (jsonViews.has(target) && !Array.isArray(target)) return Object.hasOwn(target, a);
        if (isIndexed(target)) return target.includes(a);
        if (typeof target?.has === "function") return target.has(a);
        if (typeof target?.includes === "function") return target.includes(a);
        return typeof target?.[Symbol.iterator] === "function" ? [...target].includes(a) : absent();
      case Op.Iterate:
        if (jsonViews.has(target)) return Array.isArray(target) ? target.map(wrapJson)[Symbol.iterator]() : Object.keys(target)[Symbol.iterator]();
        // A map's keys, as in Python.
        if (target instanceof Map) return target.keys();
        if (typeof target?.[Symbol.iterator] === "function") return target[Symbol.iterator]();
        return typeof target?.next === "function" ? target : absent();
      case Op.Next: {
        end = null;
        if (typeof target?.next !== "function") return absent();
        const { done, value } = target.next();
        if (!done) return value;
        end = value;
        return absent();
      }
      case Op.End:
        return end;
      case Op.True:
        if (isIndexed(target)) return target.length > 0;
        if (typeof target === "function" || typeof target !== "object") return true;
        if (jsonViews.has(target)) return Object.keys(target).length > 0;
        if (target instanceof ArrayBuffer) return target.byteLength > 0;
        return target === null || target.size !== 0;
      case Op.Kinds:
        return kinds(target);
      case Op.Id: {
        if (typeof target === "symbol") return 0;
        let id = ids.get(target);
        if (id === undefined) ids.set(target, (id = nextId++));
        return id;
      }
      case Op.Root: {
        if (!Object.hasOwn(roots, a)) throw new TypeError(`there is no ${a}`);
        return roots[a];
      }
      case Op.Thrown:
        return asThrown(target);
    }
  };
}

/** What a thrown value is to Python: the number of the exception that it stands for, or an Error. */
function asThrown(value: any): unknown {
  const kept = typeof value === "object" && value !== null ? keptValues.get(value) : undefined;
  return kept ? kept.kept : value instanceof Error ? value : strange(value);
}

/** An Error that tells of a thrown value that is none. */
function strange(value: any): Error {
  if (typeof value === "string") return new Error(value);
  const tag = Object.prototype.toString.call(value);
  const lines = [`A value of type ${typeof value} with tag ${tag} was thrown as an error!`];
  const tell = (before: string, text: () => string, failure: string) => {
    try {
      lines.push(`${before} """${text()}""".`);
    } catch {
      lines.push(failure);
    }
  };
  tell("String interpolation of the thrown value gives", () => `${value}`, "String interpolation fails.");
  tell("The thrown value's toString method returns", () => value.toString(), "The thrown value's toString method fails.");
  return new Error(lines.join("\n"));
}

/** Calls that JavaScript makes for Python, outside of the machine. */
export function callForPython(kind: number, target: any, self: unknown, values: unknown[]): unknown {
  const borrowed = values.filter((value): value is object => isPyProxy(value) && releaseProxy.isBorrowed(value));
  let result: unknown;
  let isPending = false;
  try {
    result = kind === 1 ? Reflect.construct(target, values) : Reflect.apply(target, self, values);
    if (borrowed.length > 0 && (isPromise(result) || isGenerator(result))) {
      isPending = true;
      if (isPromise(result)) {
        // Whoever waits for the promise may get one of them as its result.
        const release = () => setTimeout(() => borrowed.forEach((proxy) => releaseProxy.isBorrowed(proxy) && releaseProxy(proxy)));
        result.then(release, release);
      }
    }
    return result;
  } finally {
    if (!isPending) for (const proxy of borrowed) if (proxy !== result && releaseProxy.isBorrowed(proxy)) releaseProxy(proxy);
  }
}

/** Helpers that `pyodide/ffi/__init__.py` and its neighbours are written with. */
export const helpers = {
  run: (code: string) => (0, eval)(code),
  lasting: (proxy: object) => markLasting(proxy),
  release: (proxy: object) => releaseProxy(proxy),
  releaseAll: (proxies: Iterable<object>) => [...proxies].forEach(releaseProxy),
  once(proxy: any) {
    const call = (...values: unknown[]) => {
      if (!isPyProxy(proxy)) throw new Error("OnceProxy can only be called once");
      const callable = proxy as unknown as (...values: unknown[]) => unknown;
      proxy = undefined;
      try {
        return callable(...values);
      } finally {
        releaseProxy(callable as object);
      }
    };
    call.destroy = () => {
      if (proxy === undefined) throw new Error("OnceProxy has already been destroyed");
      releaseProxy(proxy);
      proxy = undefined;
    };
    return markLasting(call);
  },
  weak: (object: object) => new WeakRef(object),
  typeOf: (value: unknown) => typeof value,
  tag: (value: unknown) => Object.prototype.toString.call(value),
  entries: (object: object) => Object.entries(object),
  keys: (object: object) => Object.keys(object),
  values: (object: object) => Object.values(object),
  fields: (object: object) => Object.getOwnPropertyNames(object),
  constructorName: (object: object) => object?.constructor?.name ?? "",
  array: (...items: unknown[]) => items,
  /** Has Python hear of a promise's end; the proxies are given back then. */
  watch(promise: PromiseLike<unknown>, done: (value: unknown) => void, failed: (error: unknown) => void) {
    const proxies = [done, failed].map((callback) => markLasting(callback));
    const hear = (tell: () => void) => {
      try {
        tell();
      } catch (error) {
        // The session is gone, or has another interpreter.
        if (isPyProxy(done)) console.error(error);
      } finally {
        proxies.forEach((proxy) => releaseProxy(proxy));
      }
    };
    Promise.resolve(promise).then(
      (value) => hear(() => done(value)),
      (error) => hear(() => failed(error instanceof Error || isPyProxy(error) ? error : strange(error))),
    );
  },
  /** In an array, since a promise that a call answers becomes a future. */
  chain: (promise: any, done: any, failed: any) => [promise.then(done ?? undefined, failed ?? undefined)],
  finallyOf: (promise: any, callback: any) => [promise.finally(callback)],
  splice: (array: unknown[], at: number, count: number, ...items: unknown[]) => array.splice(at, count, ...items),
  same: (value: unknown) => value,
  typed: (name: string, bytes: Uint8Array) => new (globalThis as any)[name](bytes.buffer, bytes.byteOffset, bytes.byteLength / (globalThis as any)[name].BYTES_PER_ELEMENT),
  reverse: (array: unknown[]) => void array.reverse(),
  push: (array: unknown[], ...values: unknown[]) => array.push(...values),
  throwInto: (generator: any, error: unknown) => generator.throw(error),
  /** An Error that is an exception of Python, to whoever raises it. */
  standFor(failure: object, exception: any) {
    const kept = keptValues.get(markLasting(exception.copy()));
    if (kept) keptValues.set(failure, kept);
    return failure;
  },
  asModule: (object: object, name: string) => void modules.set(object, name),
  fail(message: string) {
    throw new Error(message);
  },
  returnOf: (generator: any) => generator.return(),
  capturing: (proxy: object) => void markCapturing(proxy),
  roundtrip: (proxy: object) => markRoundtrip(proxy),
  unwrap: (proxy: object) => unwrapProxy(proxy),
  pick: (array: any, places: number[]) => {
    const items = places.map((place) => array[place]);
    return ArrayBuffer.isView(array) ? (array.constructor as any).from(items) : items;
  },
  joined: (a: unknown[], b: unknown[]) => [...a, ...b],
  repeated: (array: unknown[], count: number) => Array.from({ length: count }, () => array).flat(),
  iteratorOf: (value: any) => value[Symbol.asyncIterator](),
  bytes: (value: ArrayBuffer | ArrayBufferView) =>
    ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice() : new Uint8Array(value.slice(0)),
  numbers: (value: any) => Array.from(value),
  assign: (target: any, source: Uint8Array) => {
    const bytes = ArrayBuffer.isView(target) ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength) : new Uint8Array(target);
    bytes.set(source);
  },
  json: (object: object) => jsonView(object, true),
  objectMap: (object: object, isHereditary: boolean) => jsonView(object, isHereditary),
  deepConvert: (value: unknown, convert: (entries: [unknown, unknown][]) => unknown) => convertDicts(value, convert),
  isInstance: (value: unknown, constructor: any) => value instanceof constructor,
  isPyProxy,
  sleep: (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
  fetchBytes: async (response: Response) => new Uint8Array(await response.arrayBuffer()),
  errorOf: (name: string, message = "") => Object.assign(new Error(message), { name }),
  anySignal: (...signals: AbortSignal[]) => AbortSignal.any(signals),
  newRequest: () => (typeof XMLHttpRequest === "function" ? new XMLHttpRequest() : undefined),
  sendRequest: (request: XMLHttpRequest, data: any) => request.send(isPyProxy(data) ? (data as any).toJs() : data),
  /** A request that waits, for `open_url`. */
  load(url: string): string {
    const request = new XMLHttpRequest();
    request.open("GET", url, false);
    request.send();
    return request.responseText;
  },
};

/** The object itself under another identity, so that it is subscripted by its keys, or an array whose objects are. */
function jsonView(object: object, isHereditary: boolean): object {
  const view: object = new Proxy(object, { get: (target, name) => Reflect.get(target, name) });
  jsonViews.set(view, isHereditary);
  return view;
}

/** Replaces what dicts became, inside out. */
export function convertDicts(value: unknown, convert: (entries: [unknown, unknown][]) => unknown): unknown {
  if (Array.isArray(value)) {
    value.forEach((item, index) => (value[index] = convertDicts(item, convert)));
    return value;
  }
  if (typeof value !== "object" || value === null) return value;
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain && !(value instanceof Map)) return value;
  const entries: [unknown, unknown][] = isPlain ? Object.entries(value) : [...(value as Map<unknown, unknown>)];
  return convert(entries.map(([key, item]) => [key, convertDicts(item, convert)]));
}

function isIndexed(value: any): boolean {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)) || isCollection(value);
}

/** What the DOM gives as lists. */
function isCollection(value: any): boolean {
  const tag = Object.prototype.toString.call(value);
  return tag === "[object HTMLCollection]" || tag === "[object NodeList]";
}

function isPromise(value: any): value is Promise<unknown> {
  return (typeof value === "object" || typeof value === "function") && value !== null && !isPyProxy(value) && typeof value.then === "function";
}

function isGenerator(value: any): boolean {
  return /^\[object (Async)?Generator\]$/.test(tagOf(value));
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value);

function kinds(value: any): number {
  if (typeof value === "symbol") return 0;
  if (isPyProxy(value)) return Kind.DoubleProxy | (typeof value === "function" ? Kind.Callable : 0);
  let found = 0;
  if (jsonViews.has(value)) return (Array.isArray(value) ? Kind.Array : Kind.Map | Kind.MutableMap) | Kind.Iterable | Kind.Length | Kind.Json;
  if (Array.isArray(value) || isCollection(value)) found |= Kind.Array | Kind.Json;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) found |= Kind.TypedArray;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) found |= Kind.Buffer;
  const has = (name: PropertyKey) => typeof value[name] === "function";
  const [isIterable, isAsyncIterable] = [has(Symbol.iterator), has(Symbol.asyncIterator)];
  if (value instanceof Map) found |= Kind.Map | Kind.MutableMap | Kind.Json;
  else if (has("get") && has("has") && "size" in value && isIterable) found |= Kind.Map | (has("set") && has("delete") ? Kind.MutableMap : 0);
  if (value instanceof Set) found |= Kind.Set;
  if (isPromise(value)) found |= Kind.Promise;
  if (typeof value === "function") found |= Kind.Callable;
  if (isIterable) found |= Kind.Iterable;
  if (isAsyncIterable) found |= Kind.AsyncIterable;
  if (has("next")) found |= (isAsyncIterable && !isIterable ? 0 : Kind.Iterator) | (isIterable && !isAsyncIterable ? 0 : Kind.AsyncIterator);
  if (typeof value.size === "number" || (typeof value.length === "number" && typeof value !== "function")) found |= Kind.Length;
  if (value instanceof Error) found |= Kind.Error;
  const tag = tagOf(value);
  if (tag === "[object Generator]") found |= Kind.Generator;
  if (tag === "[object AsyncGenerator]") found |= Kind.AsyncGenerator;
  if (tag === "[object WeakRef]") found |= Kind.WeakRef;
  if (has("get") && !(value instanceof Map)) found |= Kind.Getter;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) found |= Kind.PlainObject | Kind.Json;
  return found;
}

/** The JavaScript name behind a Python name: a trailing underscore guards Python's keywords. */
function property(target: any, name: string): string | undefined {
  if (typeof target !== "object" && typeof target !== "function") return name in Object(target) ? name : undefined;
  const plain = demangle(name);
  // With `keys` a list would pass for a mapping.
  if (name === "keys" && isIndexed(target)) return undefined;
  return plain in target ? plain : name in target ? name : undefined;
}

function demangle(name: string): string {
  const bare = name.replace(/_+$/, "");
  return bare !== name && reserved.has(bare) ? name.slice(0, -1) : name;
}

function names(target: any): string[] {
  const found = new Set<string>();
  const isList = isIndexed(target);
  for (let object = Object(target); object; object = Object.getPrototypeOf(object)) {
    for (const name of Object.getOwnPropertyNames(object)) if (!/^\d+$/.test(name) && !(isList && name === "keys")) found.add(reserved.has(name) ? `${name}_` : name);
  }
  return [...found];
}

function describe(target: any): string {
  if (typeof target === "symbol") return String(target);
  if (typeof target === "function") return Function.prototype.toString.call(target);
  try {
    const text: unknown = target.toString();
    if (typeof text === "string") return text;
  } catch {
    // It has no text of its own.
  }
  return Object.prototype.toString.call(target);
}

/** A slice comes as `["slice", start, stop, step]` under this symbol's name. */
function item(target: any, key: any, absent: () => unknown): unknown {
  if (isIndexed(target)) {
    const index = indexOf(target, key);
    if (index === undefined) return absent();
    return jsonViews.has(target) ? wrapJson(target[index]) : target[index];
  }
  if (jsonViews.has(target)) {
    if (!Object.hasOwn(target, key)) return absent();
    return jsonViews.get(target) ? wrapJson(target[key]) : target[key];
  }
  if (typeof target?.get !== "function") return absent();
  const found = target.get(key);
  return found === undefined && (typeof target.has !== "function" || !target.has(key)) ? absent() : found;
}

function wrapJson(value: any): unknown {
  if (typeof value !== "object" || value === null || isPyProxy(value)) return value;
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null ? jsonView(value, true) : value;
}

function setItem(target: any, key: any, value: unknown, absent: () => unknown): unknown {
  if (isIndexed(target)) {
    const index = indexOf(target, key);
    if (index === undefined) return absent();
    target[index] = value;
  } else if (jsonViews.has(target)) target[key] = value;
  else if (typeof target?.set === "function") target.set(key, value);
  else return absent();
  return undefined;
}

function deleteItem(target: any, key: any, absent: () => unknown): unknown {
  if (Array.isArray(target)) {
    const index = indexOf(target, key);
    if (index === undefined) return absent();
    target.splice(index, 1);
    return undefined;
  }
  if (jsonViews.has(target)) return delete target[key] ? undefined : absent();
  if (typeof target?.delete !== "function") return absent();
  return target.delete(key) ? undefined : absent();
}

/** What kind of proxy an object gets, in place of the number of a kept value; `src/js/bridge.rs` has the same numbers. */
export function classCode(object: unknown): number {
  if (object instanceof Error) return 0xffffffff;
  if (typeof object === "function") return 0xfffffffe;
  if (isIndexed(object)) return 0xfffffffd;
  if (object instanceof Map || (jsonViews.has(object as object) && !Array.isArray(object))) return 0xfffffffc;
  return 0;
}

function indexOf(target: ArrayLike<unknown>, key: unknown): number | undefined {
  if (typeof key !== "number") return undefined;
  const index = key < 0 ? key + target.length : key;
  return index >= 0 && index < target.length ? index : undefined;
}
