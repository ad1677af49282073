/** Registers the custom elements. */

import { PythonShell } from "./shell.js";
import { PythonSnippet } from "./snippet.js";

if (!customElements.get("python-shell")) customElements.define("python-shell", PythonShell);
if (!customElements.get("python-snippet")) customElements.define("python-snippet", PythonSnippet);

export { PythonShell, PythonSnippet };
