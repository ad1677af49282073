// A small program over the package, for runtimes other than Node: tests/js/others.test.mjs runs it and reads the line that it prints.
import { createRuntime } from "../../pkg/snakelet.mjs";
import { loadPyodide } from "../../pkg/pyodide.mjs";

const answers = [];
for (const worker of [false, true]) {
  const runtime = await createRuntime({ worker });
  let text = "";
  const session = runtime.createSession({ stdout: (part) => void (text += part), input: () => "Ada" });
  const result = await session.run("import json, time\ntime.sleep(0.01)\nprint('hello', input())\njson.dumps([1, 2])");
  setTimeout(() => session.stop(), 100);
  const stopped = await session.run("while True: pass");
  answers.push(text, result.value, stopped.error.type);
  runtime.dispose();
}
const pyodide = await loadPyodide();
answers.push(pyodide.runPython("import math\nmath.factorial(5)"), await pyodide.runPythonAsync("import asyncio\nawait asyncio.sleep(0.01, 7)"));
console.log(JSON.stringify(answers));
globalThis.process?.exit(0);
