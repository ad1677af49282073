// Snakelet, as a page uses it. An engine has `load(base)` and answers `run(source)` with `{ milliseconds, printed, error }`.
export const name = "Snakelet";

export async function load(base) {
  const { createRuntime } = await import(`${base}pkg/snakelet.mjs`);
  const runtime = await createRuntime();
  return async function run(source) {
    const session = runtime.createSession({ stdout() {}, stderr() {} });
    const start = performance.now();
    const result = await session.run(source, { filename: "bench.py", mode: "exec" });
    const milliseconds = performance.now() - start;
    session.dispose();
    return { milliseconds, printed: result.stdout.trim(), error: result.error && `${result.error.type}: ${result.error.message}` };
  };
}
