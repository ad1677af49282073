/**
 * The package's own files: where they are and how they are read, in browsers, workers, Node, Deno and Bun.
 */

/** The folder of the package's files, from `indexURL` or from this module's address. */
export function packageRoot(indexURL: string | URL | undefined): URL {
  // Written out like this, bundlers see that the wasm file belongs to the package.
  if (indexURL === undefined) return new URL("./", new URL("./snakelet_bg.wasm", import.meta.url));
  let text = String(indexURL);
  if (!text.endsWith("/")) text += "/";
  if (/^[a-zA-Z][a-zA-Z+.-]+:/.test(text)) return new URL(text);
  if (isServer()) return fileURL(text);
  return new URL(text, typeof document === "undefined" ? self.location.href : document.baseURI);
}

export function isServer(): boolean {
  const host = globalThis as { process?: { versions?: { node?: string } }; Deno?: unknown };
  return typeof document === "undefined" && (host.Deno !== undefined || host.process?.versions?.node !== undefined);
}

/** A file's bytes; undefined if there is none. Rejects when it cannot be reached. */
export async function readAsset(url: URL): Promise<Uint8Array | undefined> {
  if (url.protocol === "file:" && isServer()) {
    const { readFile } = await nodeModule("fs/promises");
    try {
      return new Uint8Array(await readFile(url));
    } catch (error) {
      if ((error as { code?: string }).code === "ENOENT") return undefined;
      throw error;
    }
  }
  const response = await fetch(url);
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${url}: HTTP status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The same, blocking; undefined also when it cannot be read in this way. */
export function readAssetSync(url: URL): Uint8Array | undefined {
  if (url.protocol === "file:" && isServer()) {
    const process = (globalThis as { process?: { getBuiltinModule?: (name: string) => { readFileSync(url: URL): Uint8Array } } }).process;
    try {
      return new Uint8Array(process!.getBuiltinModule!("node:fs").readFileSync(url));
    } catch {
      return undefined;
    }
  }
  if (typeof XMLHttpRequest === "undefined") return undefined;
  const request = new XMLHttpRequest();
  try {
    request.open("GET", url, false);
    // On a page's own thread a synchronous request cannot ask for bytes, so they travel as a text of code units below 256.
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
  } catch {
    return undefined;
  }
  if (request.status !== 200) return undefined;
  return Uint8Array.from(request.responseText, (character) => character.charCodeAt(0) & 0xff);
}

/** The compiled wasm module. In a browser it is compiled while it arrives. */
export async function compileWasm(
  root: URL,
  given?: BufferSource | WebAssembly.Module | Response | Promise<Response>,
  progress?: (event: { loaded: number; total: number | undefined }) => void,
): Promise<WebAssembly.Module> {
  const source = await given;
  if (source instanceof WebAssembly.Module) return source;
  if (source !== undefined && !isResponse(source)) return WebAssembly.compile(source);
  const url = new URL("snakelet_bg.wasm", root);
  if (source === undefined && url.protocol === "file:" && isServer()) {
    const bytes = await readAsset(url);
    if (!bytes) throw new Error(`there is no ${url}; indexURL names the wrong folder, or the package is not built`);
    return WebAssembly.compile(bytes as BufferSource);
  }
  let response = source ?? (await fetch(url, { credentials: "same-origin" }));
  if (!response.ok) throw new Error(`${url}: HTTP status ${response.status}`);
  if (progress && response.body) response = counted(response, progress);
  const type = response.headers.get("Content-Type") ?? "";
  if (type.startsWith("application/wasm") && typeof WebAssembly.compileStreaming === "function") {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

/** The same response; tells how much of it has arrived. Of a compressed one the total is not known. */
function counted(response: Response, progress: (event: { loaded: number; total: number | undefined }) => void): Response {
  const length = Number(response.headers.get("Content-Length"));
  const total = length > 0 && !response.headers.has("Content-Encoding") ? length : undefined;
  let loaded = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      progress({ loaded, total });
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body!.pipeThrough(counter), { headers: response.headers });
}

function isResponse(value: unknown): value is Response {
  return typeof Response !== "undefined" && value instanceof Response;
}

function fileURL(path: string): URL {
  const process = (globalThis as { process?: { cwd(): string; platform?: string } }).process;
  const base = (process?.cwd() ?? "").replaceAll("\\", "/");
  return new URL(path.replaceAll("\\", "/"), `file://${base.startsWith("/") ? "" : "/"}${base}/`);
}

/** An import that bundlers for the web leave alone: they must not see the name. */
export function nodeModule(name: string): Promise<any> {
  const { getBuiltinModule } = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process ?? {};
  const found = getBuiltinModule?.(`node:${name}`);
  return found ? Promise.resolve(found) : import(/* webpackIgnore: true */ /* @vite-ignore */ `node:${name}`);
}
