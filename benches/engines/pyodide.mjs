// Pyodide: CPython compiled to WebAssembly, called as its documentation recommends.
export const name = "Pyodide";

export async function load(base) {
  const { loadPyodide } = await import(`${base}node_modules/pyodide/pyodide.mjs`);
  const node = typeof process !== "undefined" && process.versions?.node;
  const pyodide = await loadPyodide(node ? {} : { indexURL: `${base}node_modules/pyodide/` });
  return async function run(source) {
    let printed = "";
    pyodide.setStdout({ batched: (line) => { printed += `${line}\n`; } });
    const globals = pyodide.toPy({ __name__: "__main__" });
    // The page's own event loop is already running, so the last call is awaited instead of run to the end.
    const code = source.replace(/^asyncio\.run\((.*)\)$/m, "await $1");
    const start = performance.now();
    let error;
    try {
      await pyodide.runPythonAsync(code, { globals, filename: "bench.py" });
    } catch (caught) {
      error = String(caught).trim().split("\n").pop();
    }
    const milliseconds = performance.now() - start;
    globals.destroy();
    return { milliseconds, printed: printed.trim(), error };
  };
}
