/**
 * The run loop: takes one program from `load` to its end, in slices, and performs what it asks for.
 *
 * Invariants: the machine is never entered while it is on the stack; every host request is answered exactly once, or dropped when
 * the program was stopped; between two slices the page has had its turn. Fuel is what a step costs in instructions; it is
 * adapted so that the clock is looked at about once a millisecond, on this machine with this program.
 */

import type { ErrorReport } from "../../pkg/types/snakelet.js";
import { type Clock, Sleepers } from "../host/clock.js";
import type { Console } from "../host/console.js";
import type { Library } from "../host/modules.js";
import { performFetch } from "../host/net.js";
import { partOf } from "../generated/parts.js";
import { deep, Exit, type Instance, type Mode, type Raw, RequestKind } from "./raw.js";
import { breathe, delay, lookMilliseconds, sliceMilliseconds } from "./scheduler.js";

export interface Outcome {
  value: unknown;
  error: ErrorReport | undefined;
  /** Seconds of running. */
  time: number;
  /** The number of the kept exception, in sessions that keep values. */
  raised?: number;
}

/** What is run: a source text, or a call of a value that the machine keeps. */
export type Program =
  | { source: string; filename: string; mode: Mode; depth?: number }
  | { kept: number; args: unknown[]; keywords: string[]; depth?: number }
  | { awaitable: number; depth?: number };

/** A program that is set aside while JavaScript that it called, or an event of the page, runs another one. */
interface Aside {
  depth: number;
  time: number;
  overSince: number | undefined;
  sync: ((prompt: string) => string | undefined) | undefined;
  waits: AbortController;
  terminated: boolean;
}

/** A second stop within this time ends the program without running any more of its code. */
const secondStopMilliseconds = 1000;

/** Fuel of the first step: a fraction of a millisecond anywhere. */
const firstFuel = 20_000;
/** The kind of a foreign call that waits. */
const waitForPromise = 2;

const leastFuel = 500;
/** What one unit of fuel costs differs by a factor of fifty between phases of a program: more would let a look at the clock come late. */
const mostFuel = 100_000;

export class Driver {
  #instance: Instance;
  #raw: Raw;
  #console: Console;
  #clock: Clock;
  #library: Library;
  #sleepers = new Sleepers();
  #fuel = firstFuel;
  #running = false;
  #terminated = false;
  #lastStop = -Infinity;
  #wake: (() => void) | undefined;
  #awake = false;
  /** Aborted when the program is over: late answers are dropped. */
  #waits = new AbortController();
  /** Aborted when the program is stopped: nobody waits for a line any more. */
  #questions = new AbortController();
  #timeLimit: number | undefined;
  #outputLimit: number | undefined;
  #mayFetch: boolean;
  #time = 0;
  #depth = deep;
  /** Whether the machine is on the stack. */
  #inside = false;
  /** Performs calls of JavaScript, in sessions that may make them. */
  foreign: ((kind: number, target: unknown, self: unknown, values: unknown[]) => unknown) | undefined;
  /** Called after every slice. */
  onSlice: (() => void) | undefined;

  constructor(
    instance: Instance,
    raw: Raw,
    host: { console: Console; clock: Clock; library: Library; timeLimit: number | undefined; outputLimit: number | undefined; mayFetch: boolean },
  ) {
    this.#instance = instance;
    this.#raw = raw;
    this.#console = host.console;
    this.#clock = host.clock;
    this.#library = host.library;
    this.#timeLimit = host.timeLimit;
    this.#outputLimit = host.outputLimit;
    this.#mayFetch = host.mayFetch;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Whether the program waits for something, with nothing to run meanwhile. */
  get waiting(): boolean {
    return this.#isIdle;
  }
  #isIdle = false;

  /** Waits until the program that runs, or the next one, waits for something or is over. */
  rest(): Promise<void> {
    return new Promise((resolve) => this.#resting.push(resolve));
  }
  #resting: (() => void)[] = [];

  #rests(): void {
    for (const resolve of this.#resting.splice(0)) resolve();
  }

  /** Runs a program to its end. Rejects only when the instance fails. */
  async run(program: Program): Promise<Outcome> {
    this.#begin();
    try {
      this.#load(program);
      for (;;) {
        const exit = this.#slice(sliceMilliseconds);
        if (exit === Exit.Done || exit === Exit.Raised) {
          await this.#console.held;
          return this.#finish(exit);
        }
        if (this.#console.held) await this.#orAwake(this.#console.held);
        if (exit === Exit.Waiting) {
          this.#isIdle = true;
          this.#rests();
          await this.#idle();
          this.#isIdle = false;
        } else await breathe();
        if (this.#terminated && !this.#instance.failure) this.#guard(() => this.#raw.terminate());
      }
    } finally {
      this.#running = false;
      this.#rests();
      this.#questions.abort();
      if (this.#hasBackground) {
        void this.#goOn();
      } else {
        this.#sleepers.clear();
        this.#waits.abort();
      }
    }
  }

  /** The session is gone. */
  close(): void {
    this.#closed = true;
    this.#wakeUp();
  }
  #closed = false;

  /** Threads are left that a finished program started. */
  get #hasBackground(): boolean {
    return !this.#closed && !this.#instance.failure && this.#guard(() => this.#raw.hasBackground());
  }

  /** They go on until the next program starts. */
  async #goOn(): Promise<void> {
    if (this.#isGoingOn) return;
    this.#isGoingOn = true;
    try {
      while (!this.#running && this.#hasBackground) {
        const exit = this.#slice(sliceMilliseconds);
        if (exit === Exit.Done || exit === Exit.Raised) break;
        if (this.#console.held) await this.#orAwake(this.#console.held);
        if (exit === Exit.Waiting) await this.#idle();
        else await breathe();
      }
    } catch {
      // The instance failed; the next run says so.
    } finally {
      this.#isGoingOn = false;
    }
  }
  #isGoingOn = false;

  /**
   * Runs a program to its end without giving the page a turn. Sleeping burns time; a wait that only the page could end is
   * refused, with a message that the program sees as an error.
   */
  runSync(program: Program, readLine: (prompt: string) => string | undefined): Outcome {
    if (this.#running) return this.#runNested(program, readLine);
    this.#begin();
    this.#sync = readLine;
    try {
      return this.#toTheEnd(program);
    } finally {
      this.#sync = undefined;
      this.#running = false;
      if (this.#hasBackground) void this.#goOn();
      else this.#sleepers.clear();
    }
  }

  /** A call from JavaScript while a program waits for it, or for something else. */
  #runNested(program: Program, readLine: (prompt: string) => string | undefined): Outcome {
    if (this.#inside) throw new Error("Python cannot be called from a getter that Python is reading");
    const aside: Aside = {
      depth: this.#depth,
      time: this.#time,
      overSince: this.#overSince,
      sync: this.#sync,
      waits: this.#waits,
      terminated: this.#terminated,
    };
    this.#guard(() => this.#raw.enter());
    this.#sync = readLine;
    this.#waits = new AbortController();
    try {
      return this.#toTheEnd(program);
    } finally {
      this.#waits.abort();
      this.#depth = aside.depth;
      this.#time += aside.time;
      this.#overSince = aside.overSince;
      this.#sync = aside.sync;
      this.#waits = aside.waits;
      this.#terminated ||= aside.terminated;
      if (!this.#instance.failure) this.#guard(() => this.#raw.leave());
      // It may have left threads, or woken some.
      this.#wakeUp();
    }
  }

  #toTheEnd(program: Program): Outcome {
    this.#load(program);
    for (;;) {
      const exit = this.#slice(50);
      if (exit === Exit.Done || exit === Exit.Raised) return this.#finish(exit);
      if (exit === Exit.Waiting) {
        const until = this.#sleepers.earliest;
        if (until === undefined) this.#refuse();
        else this.#clock.advance(until);
      }
    }
  }
  #sync: ((prompt: string) => string | undefined) | undefined;

  /** KeyboardInterrupt; the second time within a second, the end. */
  stop(): void {
    if (!this.#running || this.#instance.failure) return;
    const now = performance.now();
    if (now - this.#lastStop < secondStopMilliseconds) this.terminate();
    else this.#guard(() => this.#raw.interrupt());
    this.#lastStop = now;
    this.#questions.abort();
    this.#questions = new AbortController();
    this.#wakeUp();
  }

  /** Makes a waiting loop look around: the instance has failed. */
  poke(): void {
    this.#wakeUp();
  }

  /** Ends the program without running any more of its code. */
  terminate(): void {
    if (!this.#running) return;
    this.#terminated = true;
    if (!this.#instance.failure) this.#guard(() => this.#raw.terminate());
    this.#wakeUp();
  }

  #begin(): void {
    if (this.#running) throw new Error("a program is running already");
    this.#running = true;
    this.#terminated = false;
    this.#lastStop = -Infinity;
    this.#time = 0;
    this.#fuel = firstFuel;
    this.#overSince = undefined;
    // Answers for the threads of earlier programs are still wanted.
    if (this.#isGoingOn) this.#wakeUp();
    else this.#waits = new AbortController();
    this.#questions = new AbortController();
    this.#console.begin();
  }

  #load(program: Program): void {
    this.#depth = program.depth ?? deep;
    this.#guard(() => {
      if ("source" in program) this.#raw.load(program.source, program.filename, program.mode);
      else if ("awaitable" in program) this.#raw.loadAwait(program.awaitable);
      else this.#raw.loadCall(program.kept, program.args, program.keywords);
    });
  }

  /** Runs for about the given time, or until there is nothing to run. */
  #slice(milliseconds: number): Exit {
    const start = performance.now();
    let exit: Exit;
    for (;;) {
      for (const id of this.#sleepers.due(this.#clock.monotonic())) this.#guard(() => this.#raw.answerDone(id));
      const before = performance.now();
      this.#inside = true;
      try {
        exit = this.#guard(() => this.#raw.run(this.#fuel));
      } finally {
        this.#inside = false;
      }
      const now = performance.now();
      if (exit === Exit.FuelSpent) this.#adapt(now - before, lookMilliseconds);
      if (exit === Exit.Host) this.#perform();
      else if (exit !== Exit.FuelSpent) break;
      if (now - start >= milliseconds - lookMilliseconds || this.#console.held) break;
    }
    this.#time += (performance.now() - start) / 1000;
    this.#console.write(this.#guard(() => this.#raw.takeOutput()));
    this.onSlice?.();
    if (exit === Exit.FuelSpent || exit === Exit.Host) this.#checkLimits();
    return exit;
  }

  #adapt(took: number, target: number): void {
    // Clocks are coarse (up to a millisecond), so growth is bounded; a slice that took far too long is corrected at once.
    const factor = took < target / 8 ? 4 : Math.min(2, Math.max(0.05, target / took));
    this.#fuel = Math.round(Math.min(mostFuel, Math.max(leastFuel, this.#fuel * factor)));
  }

  #checkLimits(): void {
    const overTime = this.#timeLimit !== undefined && this.#time > this.#timeLimit;
    const overOutput = this.#outputLimit !== undefined && this.#console.written > this.#outputLimit;
    if (!overTime && !overOutput) return;
    // The machine raised its own exception when the limit was reached; a program that goes on regardless is ended.
    this.#overSince ??= this.#time;
    if (this.#time > this.#overSince + 1) this.terminate();
  }
  #overSince: number | undefined;

  /** Performs the request that the machine just made. */
  #perform(): void {
    const id = this.#raw.requestId();
    switch (this.#raw.requestKind()) {
      case RequestKind.Sleep:
        this.#sleepers.add(id, this.#raw.requestTime());
        break;
      case RequestKind.ReadLine: {
        const prompt = this.#raw.requestText();
        // What was printed before the question is shown before the question.
        this.#console.write(this.#guard(() => this.#raw.takeOutput()));
        if (this.#sync) {
          let line: unknown;
          try {
            line = this.#sync(prompt);
          } catch (error) {
            this.#guard(() => this.#raw.answerFailed(id, message(error)));
            break;
          }
          if (line === undefined || typeof line === "string") this.#guard(() => this.#raw.answerLine(id, line));
          else this.#refuse();
        } else {
          this.#later(id, this.#console.readLine(prompt, this.#questions.signal), (line) => this.#raw.answerLine(id, line));
        }
        break;
      }
      case RequestKind.Library: {
        const path = this.#raw.requestText();
        const answer = (bytes: Uint8Array | undefined) =>
          bytes ? this.#raw.answerBytes(id, bytes) : this.#raw.answerFailed(id, `no module file ${path}`);
        const source = this.#sync ? this.#library.getSync(path) : this.#library.get(path);
        if (source instanceof Promise) this.#later(id, source, answer);
        else this.#guard(() => answer(source));
        break;
      }
      case RequestKind.Foreign:
        this.#callForeign(id);
        break;
      case RequestKind.Fetch:
        if (!this.#mayFetch) this.#guard(() => this.#raw.answerFailed(id, "this program may not use the network"));
        else if (this.#sync) this.#refuse();
        else this.#later(id, performFetch(this.#raw.requestText(), this.#questions.signal), (bytes) => this.#raw.answerBytes(id, bytes));
        break;
      case RequestKind.Part: {
        const part = partOf[this.#raw.requestText()]!;
        const path = `parts/${part}.wasm`;
        const answer = (bytes: Uint8Array | undefined) => {
          if (!bytes) return this.#raw.answerFailed(id, `the package's file ${path} is missing`);
          this.#instance.addPart(part, bytes);
          this.#raw.answerDone(id);
        };
        const bytes = this.#sync ? this.#library.getSync(path) : this.#library.get(path);
        if (bytes instanceof Promise) this.#later(id, bytes, answer);
        else this.#guard(() => answer(bytes));
        break;
      }
    }
  }

  /** Python calls JavaScript, or waits for a promise of its. */
  #callForeign(id: number): void {
    const [call, kind, target, self, values] = this.#raw.requestCall();
    const settle = (hasThrown: boolean, value: unknown) => this.#guard(() => this.#raw.answerCall(id, call, hasThrown, value));
    if (kind === waitForPromise) {
      if (this.#sync) return this.#refuse();
      const settled = Promise.resolve(target).then(
        (value: unknown): [boolean, unknown] => [false, value],
        (error: unknown): [boolean, unknown] => [true, error],
      );
      this.#later(id, settled, ([hasThrown, value]) => settle(hasThrown, value));
      return;
    }
    // What was printed before the call is shown before it.
    this.#console.write(this.#guard(() => this.#raw.takeOutput()));
    let value: unknown;
    let hasThrown = false;
    try {
      value = this.foreign!(kind, target, self, values);
    } catch (error) {
      if (this.#instance.failure) throw error;
      hasThrown = true;
      value = error;
    }
    settle(hasThrown, value);
  }

  /** A program that must not wait wants to. */
  #refuse(): void {
    this.#guard(() => this.#raw.refuse("runPython cannot wait here: use runPythonAsync"));
  }

  /** Answers once the promise is settled, unless the program is over by then. */
  #later<T>(id: number, promise: Promise<T>, answer: (value: T) => void): void {
    const waits = this.#waits;
    const settle = (reply: () => void) => {
      if (waits !== this.#waits || waits.signal.aborted || this.#instance.failure) return;
      try {
        this.#guard(reply);
      } catch {
        // The instance failed; the loop finds out.
      }
      this.#wakeUp();
    };
    promise.then(
      (value) => settle(() => answer(value)),
      (error: unknown) => settle(() => this.#raw.answerFailed(id, message(error))),
    );
  }

  /** Every thread waits: so do we, until an answer arrives, somebody is to be woken, or the program is stopped. */
  async #idle(): Promise<void> {
    if (this.#awake) {
      this.#awake = false;
      return;
    }
    const until = this.#sleepers.earliest;
    if (until === undefined) return this.#orAwake(new Promise(() => {}));
    const milliseconds = this.#clock.untilMilliseconds(until);
    this.#clock.advance(until);
    const timer = new AbortController();
    await this.#orAwake(delay(milliseconds, timer.signal));
    timer.abort();
  }

  /** Waits for the promise, or for an answer or a stop. */
  async #orAwake(promise: Promise<unknown>): Promise<void> {
    if (!this.#awake) {
      await Promise.race([promise, new Promise<void>((resolve) => (this.#wake = resolve))]);
      this.#wake = undefined;
    }
    this.#awake = false;
  }

  #wakeUp(): void {
    this.#awake = true;
    this.#wake?.();
  }

  #finish(exit: Exit.Done | Exit.Raised): Outcome {
    this.#console.write(this.#guard(() => this.#raw.takeOutput()));
    const time = this.#time;
    if (exit === Exit.Done) return { value: this.#guard(() => this.#raw.value(this.#depth)), error: undefined, time };
    const error = this.#guard(() => this.#raw.error());
    const outcome: Outcome = { value: undefined, error, time };
    if (this.foreign) outcome.raised = this.#guard(() => this.#raw.keepRaised());
    return outcome;
  }

  #guard<T>(call: () => T): T {
    return this.#instance.guard(call);
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
