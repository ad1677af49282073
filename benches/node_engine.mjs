// One engine in a Node process of its own: node node_engine.mjs ENGINE; answers messages `{ source }` with the result.
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const engine = await import(`./engines/${process.argv[2]}.mjs`);
const run = await engine.load(pathToFileURL(`${root}/`).href);
process.on("message", async ({ source }) => process.send(await run(source)));
process.send("ready");
