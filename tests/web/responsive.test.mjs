// A page stays alive while a program runs on its own thread, and Stop takes effect. The bars (30 frames a second, 100 ms) are
// meant for a quiet machine: what is asserted is a third of them, what was measured is printed.
import { assert, test } from "./lib/test.mjs";

const PROGRAMS = {
  "an empty loop": "while True: pass",
  "a long sum": "sum(range(10**12))",
  "a huge power": "10**10**7",
  "an endless print": "while True: print(1)",
  "endless huge powers": "while True: 7**200000",
  "an endless sort": "while True: sorted(range(100000), key=lambda n: -n)",
  "an endless comprehension": "while True: [x for x in range(1000000)]",
};

for (const [name, program] of Object.entries(PROGRAMS)) {
  test(`the page lives during ${name}`, {}, async ({ page, browser }) => {
    const seen = await page.evaluate(runAndWatch, program);
    console.log(`     ${browser.kind}, ${name}: ${seen.rate.toFixed(0)} frames a second, longest gap ${seen.longest.toFixed(0)} ms, Stop after ${seen.stop.toFixed(0)} ms, ${(seen.grown / 1e6).toFixed(1)} MB more`);
    assert.ok(seen.rate >= 10, `${seen.rate} frames a second`);
    assert.ok(seen.stop <= 300 || seen.endedByItself, `Stop took ${seen.stop} ms`);
    assert.ok(seen.grown < 60e6, `the heap grew by ${seen.grown} bytes`);
    assert.ok(["KeyboardInterrupt", "MemoryError", undefined].includes(seen.type ?? undefined), `ended with ${seen.type}`);
    assert.equal(seen.after, 42);
  });
}

/** In the page: runs the program for a while, counting frames, then stops it. */
async function runAndWatch(program) {
  const { createRuntime } = await import("/pkg/snakelet.mjs");
  const runtime = await createRuntime();
  const session = runtime.createSession({ stdout() {}, stderr() {} });
  await session.run("1");
  let ended = false;
  const memory = () => performance.memory?.usedJSHeapSize ?? 0;
  const run = session.run(program).then((result) => { ended = true; return result; });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const before = memory();
  const start = performance.now();
  let frames = 0, longest = 0, last = start;
  await new Promise((resolve) => {
    const frame = () => {
      const now = performance.now();
      frames += 1;
      longest = Math.max(longest, now - last);
      last = now;
      if (now - start > 1500) resolve();
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  const rate = frames / ((performance.now() - start) / 1000);
  const grown = memory() - before;
  const endedByItself = ended;
  const stopped = performance.now();
  session.stop();
  const result = await run;
  const stop = performance.now() - stopped;
  const after = (await session.run("6 * 7")).value;
  return { rate, longest, grown, stop, endedByItself, type: result.error?.type, after };
}
