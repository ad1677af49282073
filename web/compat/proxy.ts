/**
 * PyProxy: Python objects in JavaScript's hands.
 *
 * A proxy holds one kept value of the machine and gives it back when destroyed or collected. Its methods are Pyodide's; every other
 * property is a Python attribute. What needs Python code runs synchronously through `Machine.call`.
 */

import { keptValues } from "../runtime/bridge.js";
import { Ability, deep, Kept } from "../runtime/raw.js";

/** What proxies need of the interpreter. */
export interface Machine {
  /** Calls a builtin or a kept value and converts the result as Pyodide does. */
  call(callable: string | Kept, args: unknown[], keywords?: string[], depth?: number): unknown;
  toJs(kept: Kept, depth: number): unknown;
  copy(kept: Kept): number;
  free(kept: Kept): void;
}

interface Options {
  depth?: number;
  dict_converter?: (entries: Iterable<[unknown, unknown]>) => unknown;
  create_pyproxies?: boolean;
}

interface Inside {
  machine: Machine;
  kept: Kept | undefined;
  type: string;
  abilities: number;
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

/** A proxy for a kept value. */
export function wrapKept(machine: Machine, kept: Kept, type: string, abilities: number): object {
  const inside: Inside = { machine, kept, type, abilities };
  const target = abilities & Ability.Call ? function () {} : {};
  const proxy = new Proxy(target, handler(inside));
  insides.set(proxy, inside);
  keptValues.set(proxy, kept);
  registry.register(proxy, { machine, kept }, kept);
  return proxy;
}

function handler(inside: Inside): ProxyHandler<object> {
  const method = (name: string | symbol): unknown => (Object.hasOwn(methods, name) ? methods[name as string] : undefined);
  return {
    get(_, name) {
      if (name === "type") return inside.type;
      if (name === "length") return inside.abilities & Ability.Length ? Number(call(inside, "len", alive(inside))) : undefined;
      const own = method(name);
      if (own && isOffered(name, inside.abilities)) return (own as (i: Inside) => unknown)(inside);
      if (typeof name === "symbol" || name === "then" || name === "prototype") return undefined;
      return call(inside, "hasattr", alive(inside), attribute(name)) ? call(inside, "getattr", alive(inside), attribute(name)) : undefined;
    },
    set(_, name, value) {
      if (typeof name === "symbol") return false;
      call(inside, "setattr", alive(inside), attribute(name), value);
      return true;
    },
    has(_, name) {
      if (typeof name === "symbol") return name === Symbol.iterator && (inside.abilities & Ability.Iterate) !== 0;
      return name === "type" || method(name) !== undefined || call(inside, "hasattr", alive(inside), attribute(name)) === true;
    },
    deleteProperty(_, name) {
      if (typeof name === "symbol") return false;
      call(inside, "delattr", alive(inside), attribute(name));
      return true;
    },
    apply(_, __, args: unknown[]) {
      return inside.machine.call(alive(inside), args);
    },
    getPrototypeOf: () => PyProxy.prototype,
    ownKeys: () => (inside.abilities & Ability.Call ? ["prototype"] : []),
  };
}

/** A name that JavaScript reserves can be written with `$` in front or an underscore less. */
function attribute(name: string): string {
  return name.startsWith("$") ? name.slice(1) : name;
}

function isOffered(name: string | symbol, abilities: number): boolean {
  switch (name) {
    case "get":
    case "set":
    case "has":
    case "delete":
      return (abilities & Ability.Items) !== 0;
    case Symbol.iterator:
      return (abilities & Ability.Iterate) !== 0;
    case "call":
    case "apply":
    case "bind":
    case "callKwargs":
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
  destroy: (inside) => () => {
    const kept = alive(inside);
    registry.unregister(kept);
    inside.kept = undefined;
    inside.machine.free(kept);
  },
  get: (inside) => (key: unknown, fallback?: unknown) => {
    try {
      return call(inside, "operator.getitem", alive(inside), key);
    } catch (error) {
      if (isLookupError(error)) return fallback;
      throw error;
    }
  },
  set: (inside) => (key: unknown, value: unknown) => void call(inside, "operator.setitem", alive(inside), key, value),
  has: (inside) => (key: unknown) => call(inside, "operator.contains", alive(inside), key),
  delete: (inside) => (key: unknown) => void call(inside, "operator.delitem", alive(inside), key),
  call: (inside) => (_: unknown, ...args: unknown[]) => inside.machine.call(alive(inside), args),
  apply: (inside: Inside) => (_: unknown, args: Iterable<unknown>) => inside.machine.call(alive(inside), [...args]),
  bind: (inside) => (_: unknown, ...first: unknown[]) => (...rest: unknown[]) => inside.machine.call(alive(inside), [...first, ...rest]),
  callKwargs: (inside) => (...args: unknown[]) => {
    const named = Object.entries(args.pop() as object);
    return inside.machine.call(alive(inside), [...args, ...named.map(([, value]) => value)], named.map(([name]) => name));
  },
  [Symbol.iterator]: (inside: Inside) => () => iterate(inside),
};

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
  const value = inside.machine.toJs(alive(inside), depth < 0 ? deep : depth);
  const convert = options?.dict_converter;
  return convert ? convertDicts(value, convert) : value;
}

/** Dicts arrive as plain objects or Maps; a converter gets their entries, innermost first. */
function convertDicts(value: unknown, convert: (entries: Iterable<[unknown, unknown]>) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => convertDicts(item, convert));
  if (typeof value !== "object" || value === null) return value;
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain && !(value instanceof Map)) return value;
  const entries: [unknown, unknown][] = isPlain ? Object.entries(value) : [...(value as Map<unknown, unknown>)];
  return convert(entries.map(([key, item]) => [key, convertDicts(item, convert)]));
}

function alive(inside: Inside): Kept {
  if (!inside.kept) throw new Error("Object has already been destroyed");
  return inside.kept;
}

function call(inside: Inside, name: string, ...args: unknown[]): unknown {
  return inside.machine.call(name, args);
}

function isLookupError(error: unknown): boolean {
  const type = (error as { type?: string }).type;
  return type === "KeyError" || type === "IndexError";
}
