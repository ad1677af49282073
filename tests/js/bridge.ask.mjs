// Asks an instance the questions of bridge.cases.mjs or documented.cases.mjs: the answers as text, by question.

/** A question that is never answered must not hold the others up. */
async function limited(answer) {
  if (typeof answer?.then !== "function") return answer;
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(() => resolve("no answer"), 5000); });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function ask(pyodide, { asynchronous, javascript, python, setUp }) {
  const answers = {};
  // What the questions need around them, and what of it is another each time.
  const around = await setUp?.();
  const clean = (text) => (around ? text.replaceAll(around.base, "BASE") : text);
  const show = (value) => {
    if (typeof value === "bigint") return `${value}n`;
    if (value instanceof pyodide.ffi.PyProxy) return value.toString();
    if (value === undefined) return "undefined";
    if (typeof value === "function") return "function";
    if (ArrayBuffer.isView(value)) return `${value.constructor.name} ${Array.from(value)}`;
    return JSON.stringify(value, (_, item) => (item instanceof pyodide.ffi.PyProxy ? item.toString() : typeof item === "bigint" ? `${item}n` : item)) ?? String(value);
  };
  const put = async (name, run) => {
    try {
      answers[name] = clean(show(await limited(run())));
    } catch (error) {
      answers[name] = clean(`! ${error.type ?? error.name}: ${String(error.message).trim().split("\n").pop()}`);
    }
  };
  for (const code of python) await put(code, () => ({ then: undefined, v: pyodide.runPython(code) }).v);
  for (const code of asynchronous) await put(code, () => pyodide.runPythonAsync(code));
  for (const code of javascript) await put(code, () => new (Object.getPrototypeOf(async () => {}).constructor)("pyodide", code)(pyodide));
  around?.end();
  return answers;
}
