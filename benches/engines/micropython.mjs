// MicroPython's WebAssembly port, in the variant that PyScript ships.
export const name = "MicroPython";

export async function load(base) {
  const folder = `${base}node_modules/@micropython/micropython-webassembly-pyscript/`;
  const { loadMicroPython } = await import(`${folder}micropython.mjs`);
  return async function run(source) {
    let printed = "";
    // A fresh interpreter for each program: it has one heap and one set of names.
    const python = await loadMicroPython({ heapsize: 256 << 20, linebuffer: true, stdout: (line) => { printed += `${line}\n`; } });
    const code = source.replace(/^asyncio\.run\((.*)\)$/m, "await $1");
    const start = performance.now();
    let error;
    try {
      await python.runPythonAsync(code);
    } catch (caught) {
      error = String(caught.message ?? caught).trim().split("\n").pop();
    }
    return { milliseconds: performance.now() - start, printed: printed.trim(), error };
  };
}
