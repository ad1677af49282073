/** The result of a check, for people: what was wanted against what came, line by line, without relying on colour. */

import { h } from "./dom.js";

/** Longer texts are compared line by line, without looking for what moved. */
const mostLines = 400;

export type DiffLine = { kind: "same" | "missing" | "extra"; text: string };

/** The lines of both texts in order: in both, wanted but missing, there but not wanted. */
export function diffLines(expected: string, actual: string): DiffLine[] {
  const a = expected.split("\n");
  const b = actual.split("\n");
  if (a.length > mostLines || b.length > mostLines) return plainDiff(a, b);
  // The longest common subsequence of the rests, from the end.
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: "same", text: a[i]! });
      i++;
      j++;
    } else if (i < a.length && (j === b.length || common[i + 1]![j]! >= common[i]![j + 1]!)) lines.push({ kind: "missing", text: a[i++]! });
    else lines.push({ kind: "extra", text: b[j++]! });
  }
  return lines;
}

function plainDiff(a: string[], b: string[]): DiffLine[] {
  const first = a.findIndex((line, index) => line !== b[index]);
  const at = first < 0 ? Math.min(a.length, b.length) : first;
  const lines: DiffLine[] = [];
  if (a[at] !== undefined) lines.push({ kind: "missing", text: a[at] });
  if (b[at] !== undefined) lines.push({ kind: "extra", text: b[at] });
  return lines;
}

const words = { same: "", missing: "expected: ", extra: "yours: " } as const;
const signs = { same: "  ", missing: "− ", extra: "+ " } as const;

/** The difference as a list; long stretches without one are left out. */
export function diffElement(expected: string, actual: string): HTMLElement {
  const lines = diffLines(expected, actual);
  const isNear = (index: number) => lines.slice(Math.max(0, index - 2), index + 3).some((line) => line.kind !== "same");
  const list = h("div", { class: "diff", part: "diff", role: "list", "aria-label": "Expected and actual output" });
  let isLeftOut = false;
  lines.forEach(({ kind, text }, index) => {
    if (!isNear(index)) {
      if (!isLeftOut) list.append(h("div", { class: "same", role: "listitem" }, "  ⋯"));
      isLeftOut = true;
      return;
    }
    isLeftOut = false;
    const sign = h("span", { "aria-hidden": "true", class: "sign" }, signs[kind]);
    const word = h("span", { class: "spoken" }, words[kind]);
    list.append(h("div", { class: kind, role: "listitem" }, sign, word, text === "" ? "\u200b" : text));
  });
  return h(
    "div",
    { class: "comparison" },
    list,
    h("p", { class: "legend" }, h("span", { class: "missing" }, "− expected"), " ", h("span", { class: "extra" }, "+ yours")),
  );
}
