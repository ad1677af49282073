/**
 * The program's clocks and its sleep.
 *
 * Real time: the page's clocks. Virtual time (a session with a number as its `clock`): it starts at that number, and only
 * sleeping advances it, at once. All sleeping threads of a session share one timer, which the driver arms.
 */

export interface Clock {
  /** Seconds since 1970. */
  time(): number;
  /** Seconds that never go back. */
  monotonic(): number;
  /** A virtual clock's jump to a later moment; real clocks do nothing. */
  advance(until: number): void;
  /** Real milliseconds until the moment. */
  untilMilliseconds(until: number): number;
}

export function createClock(option: number | (() => number) | undefined): Clock {
  if (typeof option === "number") return new VirtualClock(option);
  const monotonic = () => performance.now() / 1000;
  return {
    time: typeof option === "function" ? () => Number(option()) : () => Date.now() / 1000,
    monotonic,
    advance() {},
    untilMilliseconds: (until) => Math.max(0, (until - monotonic()) * 1000),
  };
}

class VirtualClock implements Clock {
  #start: number;
  #elapsed = 0;

  constructor(start: number) {
    this.#start = start;
  }
  time(): number {
    return this.#start + this.#elapsed;
  }
  monotonic(): number {
    return this.#elapsed;
  }
  advance(until: number): void {
    this.#elapsed = Math.max(this.#elapsed, until);
  }
  untilMilliseconds(): number {
    return 0;
  }
}

/** The sleeping threads of one session, by request. */
export class Sleepers {
  #until = new Map<number, number>();

  add(id: number, until: number): void {
    this.#until.set(id, until);
  }

  clear(): void {
    this.#until.clear();
  }

  /** The earliest moment somebody wants to wake up at. */
  get earliest(): number | undefined {
    let earliest: number | undefined;
    for (const until of this.#until.values()) if (earliest === undefined || until < earliest) earliest = until;
    return earliest;
  }

  /** Takes out the requests that are due. */
  due(now: number): number[] {
    if (this.#until.size === 0) return [];
    const ids: number[] = [];
    for (const [id, until] of this.#until) if (until <= now) ids.push(id);
    for (const id of ids) this.#until.delete(id);
    return ids;
  }
}
