/**
 * Requests to the network, for sessions with `permissions: { net: true }`: the machine's request becomes a fetch(), its answer an
 * HTTP response as a text and bytes, which `http.client` reads. What the browser's rules forbid (CORS, mixed content) fails.
 */

interface Spec {
  method: string;
  url: string;
  headers: [string, string][];
  /** Characters below 256. */
  body: string | null;
}

/** Belong to the connection, which is the browser's. */
const connectionHeaders = new Set(["host", "connection", "accept-encoding", "content-length", "transfer-encoding", "user-agent"]);
/** The body arrives decoded and whole. */
const bodyHeaders = new Set(["content-encoding", "content-length", "transfer-encoding", "connection"]);

export async function performFetch(text: string, signal: AbortSignal): Promise<Uint8Array> {
  const { method, url, headers, body } = JSON.parse(text) as Spec;
  if (!/^https?:/i.test(url)) throw new Error(`not an address of the web: ${url}`);
  const sent = new Headers();
  for (const [name, value] of headers) if (!connectionHeaders.has(name.toLowerCase())) sent.append(name, value);
  const hasBody = body !== null && method !== "GET" && method !== "HEAD";
  const init: RequestInit = { method, headers: sent, signal, credentials: "omit" };
  if (hasBody) init.body = Uint8Array.from(body, (character) => character.charCodeAt(0));
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Error(`${url} cannot be reached: ${error instanceof Error ? error.message : error}`);
  }
  const contents = new Uint8Array(await response.arrayBuffer());
  const lines = [`HTTP/1.1 ${response.status} ${response.statusText || "OK"}`];
  for (const [name, value] of response.headers) if (!bodyHeaders.has(name)) lines.push(`${name}: ${value}`);
  // The answer to HEAD has no body, whatever its length says.
  lines.push(`content-length: ${method === "HEAD" ? (response.headers.get("content-length") ?? 0) : contents.length}`, "", "");
  const head = new TextEncoder().encode(lines.join("\r\n"));
  const whole = new Uint8Array(head.length + contents.length);
  whole.set(head);
  whole.set(contents, head.length);
  return whole;
}
