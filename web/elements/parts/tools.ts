/** The small buttons of a snippet: copy, download, share, full screen. */

import { h } from "./dom.js";

export const toolNames = ["copy", "download", "share", "fullscreen"] as const;
export type ToolName = (typeof toolNames)[number];

const labels: Record<ToolName, string> = {
  copy: "Copy the code",
  download: "Download the code",
  share: "Copy a link to this code",
  fullscreen: "Full screen",
};

/** Outlines on a 16 by 16 grid. */
const outlines: Record<ToolName, string> = {
  copy: "M5.5 5.5h7v8h-7z M3.5 10.5v-8h7",
  download: "M8 2.5v8 M4.5 7.5 8 11l3.5-3.5 M3 13.5h10",
  share: "M6.5 9.5l3-3 M7 5l1.8-1.8a2.3 2.3 0 0 1 3.2 3.2L10.5 8 M9 11l-1.8 1.8a2.3 2.3 0 0 1-3.2-3.2L5.5 8",
  fullscreen: "M2.5 6V2.5H6 M10 2.5h3.5V6 M13.5 10v3.5H10 M6 13.5H2.5V10",
};

export function toolButton(name: ToolName, act: () => void): HTMLButtonElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", outlines[name]);
  svg.append(path);
  const button = h("button", { class: "tool", part: "tool", type: "button", title: labels[name], "aria-label": labels[name] });
  button.append(svg);
  button.addEventListener("click", act);
  return button;
}

/** Puts a text on the clipboard, in places without the newer interface as well. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { style: "position:fixed;opacity:0" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** Offers a text as a file. */
export function downloadText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/x-python" }));
  const link = h("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** The address of this page with a code in its hash. Opening it fills the editor; nothing runs by itself. */
export function shareLink(id: string, code: string): string {
  const url = new URL(location.href);
  const bytes = new TextEncoder().encode(code);
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const packed = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  url.hash = `python:${encodeURIComponent(id)}:${packed}`;
  return url.href;
}

/** The code that the page's address carries for the element of this id. */
export function sharedCode(id: string): string | undefined {
  const match = /^#python:([^:]*):([\w-]*)$/.exec(location.hash);
  if (!match || match[1] !== encodeURIComponent(id)) return undefined;
  try {
    const binary = atob(match[2]!.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
