/**
 * Turn taking between running programs and the page.
 *
 * A program runs in slices. After each it asks for a turn, which comes through a message channel: a few microseconds when the
 * page has nothing to do, while timers would cost four milliseconds. One message serves one waiter, so that the browser can draw
 * and deliver events between any two slices, however many programs run.
 */

/** Milliseconds of one slice: short on the page's thread, long where nobody waits. */
export const sliceMilliseconds: number = typeof document === "undefined" ? 50 : 8;

/** Milliseconds between two looks at the clock within a slice: what a program does next may be much slower than what it did. */
export const lookMilliseconds: number = typeof document === "undefined" ? 4 : 1;

/** After this many milliseconds without the frame it asked for, a program waits until the page has drawn. */
const frameMilliseconds = 20;

const waiting: (() => void)[] = [];
let channel: MessageChannel | undefined;

/** On servers: a message port there delivers a thousand messages before it lets a timer through. */
const immediate = (globalThis as { setImmediate?: (run: () => void) => void }).setImmediate;

/** Resolves when it is the caller's turn to run a slice. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (immediate && typeof document === "undefined") {
      immediate(resolve);
      return;
    }
    if (!channel) {
      channel = new MessageChannel();
      channel.port1.onmessage = () => waiting.shift()?.();
    }
    waiting.push(resolve);
    channel.port2.postMessage(0);
  });
}

/** A turn for a program that goes on computing: makes sure that the page draws in between. */
export async function breathe(): Promise<void> {
  await turn();
  if (typeof document === "undefined" || document.visibilityState !== "visible") return;
  frame ??= nextFrame();
  if (performance.now() - frame.asked > frameMilliseconds) await frame.drawn;
}

let frame: { asked: number; drawn: Promise<void> } | undefined;

function nextFrame(): { asked: number; drawn: Promise<void> } {
  return {
    asked: performance.now(),
    drawn: new Promise((resolve) => {
      const done = () => {
        cancelAnimationFrame(animation);
        clearTimeout(timer);
        frame = undefined;
        resolve();
      };
      // A page that is not shown draws no frames.
      const timer = setTimeout(done, 100);
      const animation = requestAnimationFrame(done);
    }),
  };
}

/** Resolves after the given time or when aborted. The last milliseconds are spent taking turns, since timers are not that exact. */
export function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = performance.now() + milliseconds;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const step = () => {
      const rest = end - performance.now();
      if (rest <= 0 || signal?.aborted) finish();
      else if (rest <= 5) void turn().then(step);
      else timer = setTimeout(step, Math.min(rest - 4, 0x7fffffff)); // a timer holds 31 bits
    };
    signal?.addEventListener("abort", finish);
    step();
  });
}
