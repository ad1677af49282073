// sqlite3 in a page.
import { page as html, run, snippet } from "./lib/pages.mjs";
import { assert, test } from "./lib/test.mjs";

const program = `
import sqlite3
con = sqlite3.connect("data.db")
con.create_function("twice", 1, lambda x: x * 2)
con.execute("create table t(a)")
con.executemany("insert into t values(?)", [(1,), (2,), (3,)])
con.commit()
con.close()
con = sqlite3.connect("data.db")
con.create_function("twice", 1, lambda x: x * 2)
print(con.execute("select a, twice(a) from t where twice(a) > 2").fetchall())`;

test("a database in the session's files, with a function of the program", { html: html(snippet(program)) }, async ({ page }) => {
  assert.deepEqual(await run(page), { state: "done", output: "[(2, 4), (3, 6)]\n" });
});
