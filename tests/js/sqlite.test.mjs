// sqlite3 in the package: SQLite's module is downloaded by the import, and callbacks run as they do natively.
import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, test } from "node:test";
import { createRuntime } from "../../pkg/snakelet.mjs";
import { loadPyodide } from "../../pkg/pyodide.mjs";

const folder = new URL("../programs/databases/", import.meta.url);

describe("sqlite3", () => {
  for (const name of ["basics", "callbacks", "files"]) {
    test(`the program ${name}`, async () => {
      const runtime = await createRuntime();
      let text = "";
      const session = runtime.createSession({ stdout: (part) => void (text += part) });
      const result = await session.run(fs.readFileSync(new URL(`${name}.py`, folder), "utf8"));
      assert.equal(result.error?.message, undefined);
      assert.equal(`#> stdout\n${text}`, fs.readFileSync(new URL(`${name}.out`, folder), "utf8"));
      runtime.dispose();
    });
  }

  test("functions may wait, in several threads at once", async () => {
    const runtime = await createRuntime();
    const session = runtime.createSession();
    const result = await session.run(`
import sqlite3, threading, time
def work(k):
    con = sqlite3.connect(":memory:")
    def slow(x):
        time.sleep(0.01 * ((x + k) % 3))
        return x * k
    con.create_function("slow", 1, slow)
    sql = "with recursive c(x) as (select 1 union all select x + 1 from c where x < 9) select sum(slow(x)) from c"
    results[k] = con.execute(sql).fetchone()[0]
    con.close()
results = {}
threads = [threading.Thread(target=work, args=(k,)) for k in range(5)]
for thread in threads: thread.start()
for thread in threads: thread.join()
[results[k] for k in range(5)]
`);
    assert.equal(result.error?.message, undefined);
    assert.deepEqual(result.value, [0, 45, 90, 135, 180]);
    runtime.dispose();
  });

  test("Stop ends an endless statement", async () => {
    const runtime = await createRuntime();
    const session = runtime.createSession();
    setTimeout(() => session.stop(), 300);
    const sql = "with recursive c(x) as (select 1 union all select x + 1 from c) select max(x) from c";
    const result = await session.run(`import sqlite3\ncon = sqlite3.connect(':memory:')\ncon.execute('${sql}')`);
    assert.equal(result.error.type, "KeyboardInterrupt");
    assert.equal((await session.run("con.execute('select 7').fetchone()[0]")).value, 7);
    runtime.dispose();
  });

  test("without waiting, and what is missing", async () => {
    const pyodide = await loadPyodide();
    const text = pyodide.runPython(`
import sqlite3
con = sqlite3.connect(":memory:")
con.execute("create table t(b)")
try:
    con.blobopen("t", "b", 1)
except sqlite3.NotSupportedError as error:
    text = str(error)
con.execute("select datetime(86400 * 365.25 * 30, 'unixepoch', 'localtime')").fetchone()[0] + " " + text`);
    assert.match(text, /^2000-01-01 12:00:00 blobopen\(\) is not supported/);
  });
});
