// WebKit through its own driver (Debian's webkit2gtk-driver), which speaks WebDriver over HTTP and shows windows: without a display
// it gets one from Xvfb. What a page tells the console is kept by a script that the tests' server puts into pages (`inject`).
import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";

const BROWSERS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"].flatMap((folder) => ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"].map((name) => `${folder}/${name}/MiniBrowser`));

/** The browser that the driver starts, or null. */
export const findMiniBrowser = () => BROWSERS.find((file) => fs.existsSync(file)) ?? null;

/** Put in front of a page: console messages and uncaught errors. */
export const inject = `<script>{
  const log = (window.__log = []);
  for (const type of ["log", "info", "warn", "error", "debug"]) {
    const tell = console[type];
    console[type] = (...values) => { log.push({ type: type === "warn" ? "warning" : type, text: values.map(String).join(" ") }); tell.apply(console, values); };
  }
  addEventListener("error", (event) => { if (event.message) log.push({ type: "pageerror", text: event.message + " " + (event.error?.stack ?? "") }); });
  addEventListener("unhandledrejection", (event) => log.push({ type: "pageerror", text: event.reason + " " + (event.reason?.stack ?? "") }));
}</script>`;

const KEYS = {
  Enter: "\uE007", Tab: "\uE004", Escape: "\uE00C", Backspace: "\uE003", Delete: "\uE017", Shift: "\uE008", Control: "\uE009", Alt: "\uE00A",
  Meta: "\uE03D", Home: "\uE011", End: "\uE010", PageUp: "\uE00E", PageDown: "\uE00F", ArrowLeft: "\uE012", ArrowUp: "\uE013",
  ArrowRight: "\uE014", ArrowDown: "\uE015", Space: " ",
};

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Starts the driver, and a display if there is none; `newRaw` opens a window, `close` ends what was started. */
export async function openWebKit(driver) {
  const children = [];
  const environment = { ...process.env, NO_AT_BRIDGE: "1" };
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) {
    // Xvfb names the display that it found free.
    const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1200x1000x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    children.push(server);
    environment.DISPLAY = await new Promise((resolve, reject) => {
      server.on("error", () => reject(new Error("no display: apt-get install xvfb")));
      server.stdio[3].once("data", (data) => resolve(`:${String(data).trim()}`));
    });
  }
  const port = await freePort();
  children.push(spawn(driver, [`--port=${port}`], { env: environment, stdio: "ignore" }));
  const request = async (method, path, body) => {
    const signal = AbortSignal.timeout(path === "/session" ? 20000 : 90000);
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, signal, body: method === "POST" ? JSON.stringify(body ?? {}) : undefined }).catch((error) => {
      throw new Error(`the driver is disconnected: ${error}`);
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`WebKit: ${value?.error}: ${value?.message}`);
    return value;
  };
  for (let tries = 0; ; tries++) {
    try {
      await request("GET", "/status");
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  let session;
  const end = async () => {
    if (session) await request("DELETE", session).catch(() => {});
    session = undefined;
  };
  return {
    version: "WebKit",
    // One browser at a time, with a fresh profile for each page.
    newRaw: async () => {
      await end();
      const options = { "webkitgtk:browserOptions": { binary: findMiniBrowser(), args: ["--automation"] } };
      const made = await request("POST", "/session", { capabilities: { alwaysMatch: options } });
      session = `/session/${made.sessionId}`;
      await request("POST", `${session}/timeouts`, { script: 60000, pageLoad: 60000 });
      await request("POST", `${session}/window/rect`, { width: 1000, height: 900 });
      return new Raw((method, path, body) => request(method, session + path, body), end);
    },
    close: async () => {
      await end();
      for (const child of children.reverse()) child.kill("SIGKILL");
    },
  };
}

/** A window with the operations of the other drivers' pages that the tests use. */
class Raw {
  #send;
  #end;
  #listeners = [];
  #told = 0;

  constructor(send, end) {
    this.#send = send;
    this.#end = end;
    this.mouse = {
      click: (x, y) => this.#act("pointer", [
        { type: "pointerMove", x: Math.round(x), y: Math.round(y), duration: 0 }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 },
      ]),
    };
    const key = (name) => KEYS[name] ?? name;
    const press = (name) => [{ type: "keyDown", value: key(name) }, { type: "keyUp", value: key(name) }];
    this.keyboard = {
      type: (text) => this.#act("key", [...text].flatMap((char) => press(char === "\n" ? "Enter" : char === "\t" ? "Tab" : char))),
      press: (name) => this.#act("key", press(name)),
      down: (name) => this.#act("key", [{ type: "keyDown", value: key(name) }]),
      up: (name) => this.#act("key", [{ type: "keyUp", value: key(name) }]),
    };
  }

  #act(type, actions) {
    return this.#send("POST", "/actions", { actions: [{ type, id: type, actions }] });
  }

  on(kind, listener) {
    this.#listeners.push({ kind, listener });
  }

  async goto(url) {
    await this.#send("POST", "/url", { url });
    this.#told = 0;
  }

  async reload() {
    await this.#send("POST", "/refresh");
    this.#told = 0;
  }

  /** Runs an expression's source in the page. */
  async evaluate(source) {
    const script = `const done = arguments[arguments.length - 1];
      (async () => (${source}))().then((value) => done({ value }), (error) => done({ error: String(error?.stack ? error + "\\n" + error.stack : error) }));`;
    const answer = await this.#send("POST", "/execute/async", { script, args: [] });
    await this.#listen();
    if (answer?.error !== undefined) throw new Error(answer.error);
    return answer?.value ?? undefined;
  }

  async #listen() {
    const log = await this.#send("POST", "/execute/sync", { script: "return (window.__log ?? []).slice(arguments[0])", args: [this.#told] }).catch(() => []);
    this.#told += log.length;
    for (const { type, text } of log) {
      for (const { kind, listener } of this.#listeners) {
        if (kind === "pageerror" && type === "pageerror") listener(text);
        if (kind === "console" && type !== "pageerror") listener({ type: () => type, text: () => text });
      }
    }
  }

  async screenshot({ path }) {
    fs.writeFileSync(path, Buffer.from(await this.#send("GET", "/screenshot"), "base64"));
  }

  async close() {
    await this.#end();
  }
}
