/** What the attributes of both elements say about their session. */

import { checkFiles } from "../../runtime/arguments.js";
import { keptName, restoreFiles } from "./kept-files.js";
import type { SessionOptions } from "../../../pkg/types/snakelet.js";

/** Session options from `timelimit`, `memory`, `allow` and `files`. A bad value is reported and its default holds. */
export async function sessionOptions(element: HTMLElement, defaults: { time?: number; memory?: number }): Promise<SessionOptions> {
  const limits: NonNullable<SessionOptions["limits"]> = {};
  const time = numberAttribute(element, "timelimit", defaults.time);
  if (time !== undefined) limits.time = time;
  const memory = numberAttribute(element, "memory", defaults.memory);
  if (memory !== undefined) limits.memory = memory * 1024 * 1024;
  const kept = keptName(element);
  const allowed = (element.getAttribute("allow") ?? "").split(/[\s,]+/);
  return {
    limits,
    permissions: { js: allowed.includes("js"), net: allowed.includes("net") },
    files: { ...(kept && (await restoreFiles(kept))), ...(await filesAttribute(element)) },
  };
}

/** A positive number, with an optional unit that is not looked at (`10s`, `64MB`); `none` means no limit. */
export function numberAttribute(element: HTMLElement, name: string, fallback: number | undefined): number | undefined {
  const text = element.getAttribute(name)?.trim();
  if (!text) return fallback;
  if (text === "none") return undefined;
  const value = Number.parseFloat(text);
  if (value > 0) return value;
  console.warn(`${element.localName}: ${name}="${text}" is not a positive number`);
  return fallback;
}

/** `files`: names or addresses separated by blanks (each fetched), or a JSON object of names and texts. */
async function filesAttribute(element: HTMLElement): Promise<Record<string, string | Uint8Array>> {
  const text = element.getAttribute("files")?.trim();
  if (!text) return {};
  if (text.startsWith("{")) {
    const files = JSON.parse(text) as Record<string, string>;
    checkFiles(files, "files");
    return files;
  }
  const entries = text.split(/\s+/).map(async (address) => {
    const url = new URL(address, element.ownerDocument.baseURI);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${address}: HTTP status ${response.status}`);
    const name = /^[a-z][a-z+.-]*:/i.test(address) ? url.pathname.split("/").pop()! : address;
    return [name, new Uint8Array(await response.arrayBuffer())] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The text behind an attribute that is a selector on the page or an address. */
export async function textBehind(element: HTMLElement, reference: string): Promise<string> {
  let target: Element | null = null;
  try {
    target = (element.getRootNode() as Document | ShadowRoot).querySelector(reference);
  } catch {
    // No selector: an address, then.
  }
  if (target) return elementText(target);
  const response = await fetch(new URL(reference, element.ownerDocument.baseURI));
  if (!response.ok) throw new Error(`${reference}: HTTP status ${response.status}`);
  return response.text();
}

/** The program text in an element: its own, a template's, or a snippet's code. */
export function elementText(element: Element): string {
  if (element.localName === "python-snippet" && "code" in element) return String(element.code);
  const content = element instanceof HTMLTemplateElement ? element.content : element;
  return dedent(content.textContent ?? "");
}

/** Without the newline after the opening tag, trailing blanks and common indentation, as HTML sources have them. */
export function dedent(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n").replace(/^[ \t]*\n/, "").trimEnd().split("\n");
  const indents = lines.filter((line) => line.trim()).map((line) => /^[ \t]*/.exec(line)![0]);
  let common = indents[0] ?? "";
  for (const indent of indents) while (!indent.startsWith(common)) common = common.slice(0, -1);
  return lines.map((line) => line.slice(common.length)).join("\n");
}
