// A static file server for the tests and benches: the repository root over HTTP on a free port of localhost.
// `cargo xtask serve` is its Rust twin for people; this one can also count what a page loads and add headers.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

const TYPES = {
  ".html": "text/html; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8", ".json": "application/json", ".wasm": "application/wasm", ".svg": "image/svg+xml",
  ".png": "image/png", ".py": "text/x-python; charset=utf-8", ".txt": "text/plain; charset=utf-8", ".map": "application/json",
  ".zip": "application/zip", ".ts": "text/plain; charset=utf-8",
};

/**
 * Starts a server. `mounts` maps URL prefixes to folders (first match wins), `pages` maps URL paths to HTML text,
 * `headers` are added to every answer, `inject` is put behind the doctype of every page. The result's `requests` lists `{ path, bytes, encoding }` of every file sent.
 */
export async function startServer({ root = ROOT, mounts = {}, pages = {}, headers = {}, inject = "" } = {}) {
  const requests = [];
  const server = http.createServer((request, response) => {
    const url = decodeURIComponent(request.url.split("?")[0]);
    const send = (status, type, body, extra = {}) => {
      if (inject && /^\s*<!doctype html>/i.test(body.subarray(0, 40))) body = Buffer.from(String(body).replace(">", () => `>${inject}`));
      response.writeHead(status, { "Content-Type": type, "Content-Length": body.length, "Cache-Control": "no-cache", ...headers, ...extra });
      response.end(request.method === "HEAD" ? undefined : body);
      requests.push({ path: url, bytes: body.length, status, encoding: extra["Content-Encoding"] });
    };
    if (url in pages) return send(200, TYPES[".html"], Buffer.from(pages[url]));
    const mount = Object.keys(mounts).find((prefix) => url.startsWith(prefix));
    const base = mount ? mounts[mount] : root;
    let file = path.join(base, mount ? url.slice(mount.length) : url);
    if (!file.startsWith(path.resolve(base))) return send(403, "text/plain", Buffer.from("outside of the served folder"));
    try {
      if (fs.statSync(file).isDirectory()) file = path.join(file, "index.html");
      const type = TYPES[path.extname(file)] ?? "application/octet-stream";
      const brotli = `${file}.br`;
      if (/\bbr\b/.test(request.headers["accept-encoding"] ?? "") && fs.existsSync(brotli)) {
        return send(200, type, fs.readFileSync(brotli), { "Content-Encoding": "br" });
      }
      return send(200, type, fs.readFileSync(file));
    } catch {
      return send(404, "text/plain", Buffer.from(`no such file: ${url}`));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${server.address().port}`,
    requests,
    pages,
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }),
  };
}
