/** The shell's history: what was entered, oldest first, kept across visits where the page may keep something. */

import { storage } from "./dom.js";

const most = 500;
const longest = 10_000;

export class History {
  #key: string;
  #entries: string[];
  /** Index of the entry shown; the length: the text being written. */
  #at: number;
  #draft = "";

  constructor(name: string) {
    this.#key = `snakelet:history:${name}`;
    this.#entries = read(this.#key);
    this.#at = this.#entries.length;
  }

  add(text: string): void {
    if (text.trim() && text !== this.#entries.at(-1) && text.length <= longest) {
      this.#entries.push(text);
      if (this.#entries.length > most) this.#entries.splice(0, this.#entries.length - most);
      storage.set(this.#key, JSON.stringify(this.#entries));
    }
    this.#at = this.#entries.length;
    this.#draft = "";
  }

  /** The entry before or after the one shown; undefined at the ends. `current` is what is being written. */
  move(step: -1 | 1, current: string): string | undefined {
    const next = this.#at + step;
    if (next < 0 || next > this.#entries.length) return undefined;
    if (this.#at === this.#entries.length) this.#draft = current;
    this.#at = next;
    return this.#entries[next] ?? this.#draft;
  }

  /** The latest entry that contains the text, before the given one. */
  search(text: string, before = this.#entries.length): { index: number; entry: string } | undefined {
    for (let index = Math.min(before, this.#entries.length) - 1; index >= 0; index--) {
      if (this.#entries[index]!.includes(text)) return { index, entry: this.#entries[index]! };
    }
    return undefined;
  }
}

function read(key: string): string[] {
  try {
    const entries: unknown = JSON.parse(storage.get(key) ?? "[]");
    return Array.isArray(entries) ? entries.filter((entry) => typeof entry === "string").slice(-most) : [];
  } catch {
    return [];
  }
}
