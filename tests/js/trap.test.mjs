// A real trap inside of the wasm: a part of the runtime whose functions are replaced by `unreachable`. The run ends with a SystemError,
// the instance is left, and every session goes on with a fresh one.
import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, test } from "node:test";
import { createRuntime } from "../../pkg/snakelet.mjs";
import { broken } from "./trap.mjs";

describe("a trap", () => {
  for (const worker of [false, true]) {
    test(`ends the run, and a fresh instance is there${worker ? ", in a worker" : ""}`, async () => {
      const stdlib = (path) => (path === "parts/heapq.wasm" ? broken(fs.readFileSync(new URL("../../pkg/parts/heapq.wasm", import.meta.url))) : undefined);
      const runtime = await createRuntime({ worker, stdlib });
      let text = "";
      const session = runtime.createSession({ stdout() {}, stderr: (part) => void (text += part), files: { "kept.txt": "kept" } });
      const other = runtime.createSession({ stdout() {}, stderr() {} });
      await other.run("x = 1");
      await session.run("y = 2");
      const { error } = await session.run("from _heapq import heappush\nheappush([3, 1], 2)");
      assert.equal(error.type, "SystemError");
      assert.match(error.message, /^internal error \(.*unreachable.*\); the session was restarted$/);
      assert.match(text, /SystemError: internal error/);
      assert.equal((await session.run("open('kept.txt').read() * 2")).value, "keptkept");
      assert.equal((await session.run("y")).error.type, "NameError");
      assert.equal((await other.run("6 * 7")).value, 42);
      // Again and again: nothing is left in a bad state.
      for (let n = 0; n < 3; n++) assert.equal((await session.run("import heapq\nheapq.heappush([3], 2)")).error.type, "SystemError");
      assert.equal((await session.run("sorted([3, 1, 2])")).value.join(), "1,2,3");
      runtime.dispose();
    });
  }
});
