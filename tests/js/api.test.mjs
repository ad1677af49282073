// The package's API under Node: results, errors as data, input, stopping, limits, files, both on this thread and in a worker.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createRuntime, PythonObject, version } from "../../pkg/snakelet.mjs";

for (const worker of [false, true]) {
  describe(worker ? "in a worker" : "on this thread", () => {
    let runtime;
    before(async () => {
      runtime = await createRuntime({ worker });
    });
    after(() => runtime.dispose());

    /** A session that collects its output. */
    const open = (options = {}) => {
      const written = { out: "", err: "" };
      const session = runtime.createSession({
        stdout: (text) => void (written.out += text),
        stderr: (text) => void (written.err += text),
        input: () => null,
        ...options,
      });
      return { session, written };
    };

    test("a run's value, output and usage", async () => {
      const { session, written } = open();
      const result = await session.run("print('hello')\n6 * 7");
      assert.equal(result.value, 42);
      assert.equal(result.stdout, "hello\n");
      assert.equal(result.stderr, "");
      assert.equal(result.error, undefined);
      assert.equal(written.out, "hello\n");
      assert.ok(result.usage.time >= 0 && result.usage.memory > 0 && result.usage.output === 6);
    });

    test("values", async () => {
      const { session } = open();
      const value = async (code) => (await session.run(code)).value;
      assert.equal(await value("None"), undefined);
      assert.equal(await value("x = 1"), undefined);
      assert.equal(await value("True"), true);
      assert.equal(await value("1.5"), 1.5);
      assert.equal(await value("2**53 - 1"), 2 ** 53 - 1);
      assert.equal(await value("2**64"), 2n ** 64n);
      assert.equal(await value("-10**30"), -(10n ** 30n));
      assert.equal(await value("'h\u00e9 \u{1F40D}'"), "h\u00e9 \u{1F40D}");
      assert.deepEqual(await value("b'ab'"), new Uint8Array([97, 98]));
      assert.deepEqual(await value("[1, (2, 'x'), {'a': [None]}]"), [1, [2, "x"], { a: [undefined] }]);
      assert.deepEqual(await value("{1, 2}"), new Set([1, 2]));
      assert.deepEqual(Object.keys(await value("{'__proto__': 1}")), ["__proto__"]);
      assert.equal((await value("len")).type, "builtin_function_or_method");
      assert.equal(String(await value("len")), "<built-in function len>");
      const [function_, { inner }] = await value("[len, {'inner': (object,)}]");
      assert.ok(function_ instanceof PythonObject && inner[0] instanceof PythonObject);
      assert.deepEqual([inner[0].type, String(inner[0]), inner[0].constructor.name], ["type", "<class 'object'>", "PythonObject"]);
      const nested = await value("a = []\na.append(a)\na");
      assert.ok(Array.isArray(nested));
    });

    test("an error is data", async () => {
      const { session, written } = open();
      const { error, value } = await session.run("def f():\n    return 1 / 0\n\nf()", { filename: "lesson.py" });
      assert.equal(value, undefined);
      assert.equal(error.type, "ZeroDivisionError");
      assert.equal(error.message, "division by zero");
      assert.equal(written.err, error.traceback);
      assert.match(error.traceback, /^Traceback \(most recent call last\):\n {2}File "lesson.py", line 4, in <module>\n/);
      assert.deepEqual(error.frames.map(({ file, line, name }) => [file, line, name]), [["lesson.py", 4, "<module>"], ["lesson.py", 2, "f"]]);
      const { line, col, endLine, endCol, source } = error.frames[1];
      assert.deepEqual({ line, col, endLine, endCol, source: source.trim() }, { line: 2, col: 11, endLine: 2, endCol: 16, source: "return 1 / 0" });
    });

    test("a SyntaxError is data", async () => {
      const { session } = open();
      const { error } = await session.run("x = (1,\ny = 2\n");
      assert.equal(error.type, "SyntaxError");
      assert.equal(error.message.includes("was never closed"), true);
      assert.equal(error.frames.at(-1).line, 1);
    });

    test("input, also as a promise, and its end", async () => {
      const answers = ["Ada", "Grace"];
      const prompts = [];
      const { session } = open({
        input: async (prompt) => {
          prompts.push(prompt);
          await new Promise((resolve) => setTimeout(resolve, 5));
          return answers.shift() ?? null;
        },
      });
      const { value, error } = await session.run("names = [input('a? '), input()]\nnames");
      assert.equal(error, undefined);
      assert.deepEqual(value, ["Ada", "Grace"]);
      assert.deepEqual(prompts, ["a? ", ""]);
      assert.equal((await session.run("input()")).error.type, "EOFError");
    });

    test("stop raises KeyboardInterrupt, and finally blocks run", async () => {
      const { session, written } = open();
      setTimeout(() => session.stop(), 50);
      const { error } = await session.run("try:\n    while True: pass\nfinally:\n    print('tidied')");
      assert.equal(error.type, "KeyboardInterrupt");
      assert.equal(written.out, "tidied\n");
      assert.equal((await session.run("1 + 1")).value, 2);
    });

    test("a second stop within a second ends the program", async () => {
      const { session } = open();
      setTimeout(() => session.stop(), 50);
      setTimeout(() => session.stop(), 150);
      const { error } = await session.run("while True:\n    try:\n        while True: pass\n    except KeyboardInterrupt: pass");
      assert.equal(error.type, "KeyboardInterrupt");
      assert.equal((await session.run("1 + 1")).value, 2);
    });

    test("stopping a sleep and a question", async () => {
      const { session } = open({ input: () => new Promise(() => {}) });
      setTimeout(() => session.stop(), 50);
      assert.equal((await session.run("import time\ntime.sleep(100)")).error.type, "KeyboardInterrupt");
      setTimeout(() => session.stop(), 50);
      assert.equal((await session.run("input()")).error.type, "KeyboardInterrupt");
    });

    test("a signal stops, also beforehand", async () => {
      const { session } = open();
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 50);
      assert.equal((await session.run("while True: pass", { signal: abort.signal })).error.type, "KeyboardInterrupt");
      assert.equal((await session.run("print(1)", { signal: abort.signal })).error.type, "KeyboardInterrupt");
    });

    test("sleep takes the time it says", async () => {
      const { session } = open();
      await session.run("import time");
      for (const seconds of [0.003, 0.05]) {
        const start = performance.now();
        await session.run(`time.sleep(${seconds})`);
        const took = performance.now() - start;
        assert.ok(took >= seconds * 1000 - 0.5 && took < seconds * 1000 + 60, `${took} ms`);
      }
    });

    test("limits end in an exception and the session goes on", async () => {
      const { session } = open({ limits: { time: 0.3, memory: 32 * 1024 * 1024, output: 10000, recursion: 200 } });
      const failure = async (code) => (await session.run(code)).error?.type;
      assert.equal(await failure("while True: pass"), "KeyboardInterrupt");
      assert.equal(await failure("def f(): f()\nf()"), "RecursionError");
      assert.equal(await failure("a = []\nwhile True: a.append('x' * 100000)"), "MemoryError");
      assert.ok(await failure("while True: print('x' * 100)"));
      assert.equal((await session.run("a = None\n1 + 1")).value, 2);
    });

    test("globals", async () => {
      const { session } = open();
      await session.run("x = 5");
      assert.equal(await session.globals.get("x"), 5);
      await session.globals.set("data", { list: [1, 2n ** 70n, null], text: "t", bytes: new Uint8Array([1]) });
      assert.equal((await session.run("data['list'][1] + x")).value, 2n ** 70n + 5n);
      assert.equal((await session.run("str(data)")).value, "{'list': [1, 1180591620717411303424, None], 'text': 't', 'bytes': b'\\x01'}");
      assert.equal(await session.globals.has("x"), true);
      await session.globals.delete("x");
      assert.equal(await session.globals.has("x"), false);
      assert.equal(await session.globals.get("x"), undefined);
      assert.ok((await session.globals.keys()).includes("data"));
    });

    test("reset and fresh give a new __main__", async () => {
      const { session } = open();
      await session.run("x = 1");
      await session.reset();
      assert.equal((await session.run("x")).error.type, "NameError");
      await session.run("y = 1");
      assert.equal((await session.run("y", { fresh: true })).error.type, "NameError");
    });

    test("sessions are isolated and run side by side", async () => {
      const a = open().session;
      const b = open().session;
      const code = "t = 0\nfor i in range(100000): t += i\nt";
      const results = await Promise.all([a.run(`x = 1\n${code}`), b.run(code)]);
      assert.deepEqual(results.map((result) => result.value), [4999950000, 4999950000]);
      assert.equal((await b.run("x")).error.type, "NameError");
    });

    test("check", async () => {
      const { session } = open();
      const status = async (code) => (await session.check(code)).status;
      assert.equal(await status("x = 1"), "complete");
      assert.equal(await status("for x in y:"), "incomplete");
      assert.equal(await status("print('''"), "incomplete");
      const wrong = await session.check("x = = 1");
      assert.equal(wrong.status, "error");
      assert.equal(wrong.error.type, "SyntaxError");
    });

    test("complete", async () => {
      const { session } = open();
      await session.run("apple_pie = 1");
      const { start, items } = await session.complete("print(apple_");
      assert.equal(start, 6);
      assert.deepEqual(items, ["apple_pie"]);
    });

    test("files", async () => {
      const { session } = open({ files: { "data.txt": "one\ntwo\n", "sub/raw.bin": new Uint8Array([1, 2]) } });
      assert.deepEqual((await session.run("[open('data.txt').read(), open('sub/raw.bin', 'rb').read()]")).value, ["one\ntwo\n", new Uint8Array([1, 2])]);
      await session.run("with open('new.txt', 'w') as f:\n    f.write('written')");
      assert.equal(new TextDecoder().decode(await session.readFile("new.txt")), "written");
      await session.writeFile("mod.py", "value = 7");
      assert.equal((await session.run("import mod\nmod.value")).value, 7);
      assert.equal(await session.readFile("nosuch"), undefined);
    });

    test("the standard library is fetched when it is imported", async () => {
      const { session } = open();
      assert.equal((await session.run("import bisect, keyword\n[bisect.bisect([1, 3, 5], 4), keyword.iskeyword('for')]")).value.join(), "2,true");
      const { error } = await session.run("import no_such_module");
      assert.equal(error.type, "ModuleNotFoundError");
      assert.equal(error.message, "No module named 'no_such_module'");
    });

    test("deterministic mode", async () => {
      const run = () => open({ seed: 7, clock: 1_000_000_000 }).session.run("import time\na = time.time()\ntime.sleep(3600)\n[hash('x'), a, time.time() - a]");
      const [first, second] = [await run(), await run()];
      assert.deepEqual(first.value, second.value);
      assert.equal(first.value[1], 1e9);
      assert.ok(Math.abs(first.value[2] - 3600) < 1);
    });

    test("a disposed session refuses, and a run in progress is told", async () => {
      const { session } = open();
      const run = session.run("while True: pass");
      setTimeout(() => session.dispose(), 20);
      assert.equal((await run).error.type, "SessionDisposed");
      await assert.rejects(session.run("1"), /disposed/);
    });
  });
}

test("version", () => assert.match(version, /^\d+\.\d+\.\d+$/));

describe("with permission to use JavaScript", () => {
  let runtime;
  before(async () => {
    runtime = await createRuntime();
  });
  after(() => runtime.dispose());

  test("import js works, and only with the permission", async () => {
    globalThis.forPython = { n: 5, double: (x) => x * 2 };
    const session = runtime.createSession({ permissions: { js: true }, stdout() {}, stderr() {} });
    const result = await session.run("import js\njs.forPython.double(js.forPython.n + 16)");
    assert.deepEqual([result.error, result.value], [undefined, 42]);
    const { value: inc } = await session.run("lambda x: x + 1");
    assert.equal(inc(41), 42);
    inc.destroy();
    assert.equal((await session.run("1 / 0")).error.type, "ZeroDivisionError");
    const other = runtime.createSession({ stdout() {}, stderr() {} });
    assert.equal((await other.run("import js")).error.type, "ModuleNotFoundError");
    session.dispose();
    assert.throws(() => inc(1), /disposed|destroyed/);
  });

  test("errors are printed as in other sessions", async () => {
    let text = "";
    const session = runtime.createSession({ permissions: { js: true }, stdout() {}, stderr: (part) => void (text += part) });
    await session.run("1 / 0");
    assert.match(text, /ZeroDivisionError: division by zero\n$/);
    await session.reset();
    assert.equal((await session.run("from js import Math\nMath.max(3, 9)")).value, 9);
  });
});

test("a disposed session gives back what it imported", async () => {
  const runtime = await createRuntime();
  const first = runtime.createSession({ stdout() {} });
  const memory = async () => (await first.run("0", { fresh: true })).usage.memory;
  const round = async () => {
    const session = runtime.createSession({ stdout() {} });
    await session.run("import re, json, dataclasses");
    session.dispose();
  };
  await round();
  const before = await memory();
  for (let n = 0; n < 5; n++) await round();
  const grown = (await memory()) - before;
  // They take some megabytes each while they live; a small part stays.
  assert.ok(grown < 5 * 200_000, `${grown} bytes more`);
  runtime.dispose();
});

test("what comes and goes leaves nothing behind", async () => {
  const runtime = await createRuntime();
  const first = runtime.createSession({ stdout() {} });
  const memory = async () => (await first.run("0", { fresh: true })).usage.memory;
  const round = async () => {
    const session = runtime.createSession({ stdout() {}, stderr() {} });
    await session.run("class A:\n  def f(self): return self\na = A()\na.a = a\nprint([n for n in range(3)])\n1 / 0");
    session.dispose();
  };
  for (let n = 0; n < 10; n++) await round();
  const before = await memory();
  for (let n = 0; n < 100; n++) await round();
  const grown = (await memory()) - before;
  assert.ok(grown < 100 * 1000, `${grown} bytes more`);
  runtime.dispose();
});
