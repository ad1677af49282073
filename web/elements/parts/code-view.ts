/** What a snippet and its editor (`../editor.ts`, a file that is loaded later) know of each other. */

import type { Token } from "./highlight.js";

/** A marked stretch of a line, in UTF-16 units; an empty one marks the line alone. */
export interface LineMark {
  line: number;
  start: number;
  end: number;
}

export interface CodeSetup {
  parent: HTMLElement;
  text: string;
  selection: [number, number];
  label: string;
  readOnly: boolean;
  tokenize(text: string): Token[][];
  indentationAfter(line: string): string;
  /** The person changed the text. */
  onInput(): void;
  onRun(): void;
  /** What can stand before the cursor; undefined while nobody knows. */
  complete(text: string, cursor: number): Promise<{ start: number; items: string[] } | undefined>;
}

export interface CodeView {
  text: string;
  set readOnly(value: boolean);
  set label(text: string);
  mark(lines: LineMark[]): void;
  /** As typing would: it can be undone. */
  replaceAll(text: string): void;
  focus(): void;
}
