/**
 * The standard library's modules, compiled and as source, and the parts of the runtime that some modules need, fetched when a
 * program imports them; sources when somebody wants to see them.
 *
 * A `Library` belongs to a runtime and is shared by its sessions: every path is fetched once. What is missing is remembered as
 * well, since the import system probes several names.
 */

import type { LibrarySource } from "../../pkg/types/snakelet.js";
import { readAsset, readAssetSync } from "../runtime/assets.js";

type Provider = (path: string) => LibrarySource | Promise<LibrarySource>;

export class Library {
  #root: URL;
  #provider: Provider | undefined;
  #known = new Map<string, Uint8Array | undefined>();
  #underway = new Map<string, Promise<Uint8Array | undefined>>();

  constructor(root: URL, provider?: Provider) {
    this.#root = root;
    this.#provider = provider;
  }

  /** The source, undefined if there is no such module; a promise when it must be fetched first. Rejects when the fetch fails. */
  get(path: string): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    if (!isPlain(path)) return undefined;
    if (this.#known.has(path)) return this.#known.get(path);
    let promise = this.#underway.get(path);
    if (!promise) {
      promise = this.#load(path)
        .then((bytes) => {
          this.#known.set(path, bytes);
          return bytes;
        })
        .finally(() => this.#underway.delete(path));
      this.#underway.set(path, promise);
    }
    return promise;
  }

  /** The same without waiting, for programs that run synchronously. */
  getSync(path: string): Uint8Array | undefined {
    if (!isPlain(path)) return undefined;
    if (!this.#known.has(path)) this.#known.set(path, readAssetSync(this.#url(path)));
    return this.#known.get(path);
  }

  /** Modules are below the library's root, the runtime's own parts beside it. */
  #url(path: string): URL {
    return new URL(path.startsWith("parts/") ? `../${path}` : path, this.#root);
  }

  async #load(path: string): Promise<Uint8Array | undefined> {
    const own = await this.#provider?.(path);
    if (own === null) return undefined;
    if (own !== undefined) return typeof own === "string" ? new TextEncoder().encode(own) : own;
    // A source that the page provides goes before the compiled module of the package.
    if (path.endsWith(".pyc") && (await this.#provider?.(path.slice(0, -1))) !== undefined) return undefined;
    return readAsset(this.#url(path));
  }
}

/** Paths come from the program: only names below the root are looked up. */
function isPlain(path: string): boolean {
  return path.split("/").every((part) => /^[\w.+-]+$/.test(part) && !/^\.+$/.test(part));
}
