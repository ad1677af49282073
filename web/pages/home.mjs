// index.html: the examples that type themselves into the shell, and the playground's files. Not part of the package.

const shell = document.querySelector("python-shell");
let typing = 0;

for (const button of document.querySelectorAll("[data-example]")) {
  button.addEventListener("click", () => {
    for (const other of document.querySelectorAll("[data-example]")) other.toggleAttribute("aria-current", other === button);
    void enter(document.getElementById(button.dataset.example).content.textContent);
  });
}

/** Enters statements at the prompt, one after the other, until one fails or another example is picked. */
async function enter(text) {
  const turn = ++typing;
  await customElements.whenDefined("python-shell");
  if (!matchMedia("(min-width: 56rem)").matches) shell.scrollIntoView({ block: "nearest" });
  if (["loading", "running", "waiting"].includes(shell.state)) {
    shell.stop();
    await ended();
  }
  shell.focus({ preventScroll: true });
  for (const statement of text.trim().split(/\n---\n/)) {
    if (turn !== typing || ["loading", "running", "waiting"].includes(shell.state)) return;
    const result = await shell.run(statement);
    if (result.error) return;
  }
}

function ended() {
  return new Promise((resolve) => {
    shell.addEventListener("python-done", () => setTimeout(resolve), { once: true });
    setTimeout(resolve, 2000);
  });
}

// ---- the playground

const main = document.getElementById("main");
const tabs = document.querySelector(".tabs");
const panel = document.getElementById("panel");
const area = panel.querySelector("textarea");
const files = new Map([...document.querySelectorAll("[data-file]")].map((part) => [part.dataset.file, part.content.textContent]));
let shown = "main.py";

function show(name, isFocused = false) {
  shown = name;
  const isMain = name === "main.py";
  area.hidden = isMain;
  if (!isMain) {
    area.value = files.get(name);
    area.rows = Math.max(6, area.value.split("\n").length + 1);
    area.setAttribute("aria-label", name);
  }
  main.toggleAttribute("data-below", !isMain);
  tabs.replaceChildren(...["main.py", ...files.keys()].map((file) => tab(file, file === name)));
  if (isFocused) tabs.querySelector('[aria-selected="true"]').focus();
}

function tab(name, isShown) {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("role", "tab");
  button.setAttribute("aria-selected", String(isShown));
  button.setAttribute("aria-controls", "panel");
  button.tabIndex = isShown ? 0 : -1;
  button.textContent = name;
  button.addEventListener("click", () => show(name));
  button.addEventListener("keydown", (event) => {
    const names = ["main.py", ...files.keys()];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) show(names[(names.indexOf(name) + step + names.length) % names.length], true);
    if (event.key === "Delete" && name !== "main.py" && confirm(`Delete ${name}?`)) {
      files.delete(name);
      show("main.py", true);
    }
  });
  return button;
}

area.addEventListener("input", () => files.set(shown, area.value));
document.querySelector(".new").addEventListener("click", () => {
  const name = prompt("Name of the file, such as notes.txt or shapes.py")?.trim();
  if (!name || !/^[\w.-]+$/.test(name) || name === "main.py") return;
  if (!files.has(name)) files.set(name, "");
  show(name);
  area.focus();
});
main.addEventListener("python-run", () => (main.files = Object.fromEntries(files)));
show("main.py");

// After the first visit the page works without a network. What it has loaded so far is kept once the worker is in charge.
if ("serviceWorker" in navigator && location.protocol.startsWith("http") && !document.getElementById("snakelet-assets")) {
  navigator.serviceWorker
    .register("./offline.js")
    .then(() => navigator.serviceWorker.controller ?? new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true })))
    .then(() => Promise.all(performance.getEntriesByType("resource").map(({ name }) => (name.startsWith(location.origin) ? fetch(name) : undefined))))
    .then(() => fetch(location.href))
    .then(() => document.documentElement.setAttribute("data-offline", "ready"))
    .catch(() => {});
}
