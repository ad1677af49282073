/**
 * `allow="fs"`: the files in the program's folder stay in the browser (IndexedDB) from one visit to the next, under a name that the
 * element has on its page. Without storage, as in sandboxed frames, they last as long as the session.
 */

import { type Files, loadFiles, storeFiles } from "../../host/storage.js";
import type { PageSession, Sink } from "./page-runtime.js";

/** More than that, in bytes, is not kept. */
const mostBytes = 50e6;

/** The files in the folder where programs start, by path. */
const list = `(lambda os, top: {os.path.relpath(p, top): open(p, "rb").read() for d, _, names in os.walk(top) for name in names
 if not name.endswith(".pyc") and os.path.isfile(p := os.path.join(d, name))})(__import__("os"), "/home/user")`;

const silent: Sink = { stdout() {}, stderr() {}, input: async () => null };

/** The name under which an element's files are kept; undefined if they are not. */
export function keptName(element: HTMLElement): string | undefined {
  if (!(element.getAttribute("allow") ?? "").split(/[\s,]+/).includes("fs")) return undefined;
  const own = element.getAttribute("persist") ?? element.getAttribute("session") ?? element.id;
  return `${location.pathname}#${own || element.localName}`;
}

/** What was kept. */
export function restoreFiles(name: string): Promise<Files> {
  return loadFiles(name).catch(() => ({}));
}

/** Keeps what the session has now. */
export async function keepFiles(name: string, session: PageSession): Promise<void> {
  const { value } = await session.run(silent, list);
  const files = (value ?? {}) as Files;
  const size = Object.values(files).reduce((sum, bytes) => sum + bytes.length, 0);
  if (size <= mostBytes) await storeFiles(name, files).catch(() => {});
}
