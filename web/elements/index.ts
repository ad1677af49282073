/** Registers the custom elements. */

import { configure, pageRuntime } from "./parts/page-runtime.js";
import { PythonShell } from "./shell.js";
import { PythonSnippet } from "./snippet.js";

// The download starts before the elements are built, where one of them wants it at once; after the page's own scripts, which may call configure().
const urgent = 'python-shell:not([preload="none"]), python-snippet[autorun]:not([autorun="visible"]), python-snippet[preload="eager"]';
if (document.querySelector(urgent)) queueMicrotask(() => void pageRuntime());

if (!customElements.get("python-shell")) customElements.define("python-shell", PythonShell);
if (!customElements.get("python-snippet")) customElements.define("python-snippet", PythonSnippet);

export { configure, PythonShell, PythonSnippet };
