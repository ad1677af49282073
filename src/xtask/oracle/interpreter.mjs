// CPython 3.14 for the records: Pyodide in Node, many programs in one process, each in a fresh `__main__` and folder.
//
// Invariants: a program sees its own folder as the current one and as sys.path[0], the files beside it, and the lines of
// NAME.stdin as standard input; nothing of one program is left for the next (modules from its folder, recursion limit, streams).
import fs from "node:fs";
import path from "node:path";
import { loadPyodide } from "pyodide";

const RUNNER = `
import sys, gc, os, io, types, linecache

_modules, _hooks = set(sys.modules), (sys.excepthook, sys.displayhook)

# The frame of _run counts, which a program started by "python FILE" does not have.
_set_limit, _get_limit = sys.setrecursionlimit, sys.getrecursionlimit
sys.setrecursionlimit = lambda limit: _set_limit(limit + 1)
sys.getrecursionlimit = lambda: _get_limit() - 1

def _run(folder, name, source):
    os.chdir(folder)
    sys.setrecursionlimit(1000)
    sys.argv = [name]
    sys.path.insert(0, folder)
    main = types.ModuleType("__main__")
    main.__file__ = name
    main.__builtins__ = __builtins__
    sys.modules["__main__"] = main
    names = main.__dict__
    code = 0
    try:
        exec(compile(source, name, "exec", dont_inherit=True), names)
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            code = int(error.code or 0)
        else:
            print(error.code, file=sys.stderr)
            code = 1
    except BaseException as error:
        top = error.__traceback__.tb_next
        error.__traceback__ = top
        sys.excepthook(type(error), error, top)
        code = 130 if isinstance(error, KeyboardInterrupt) else 1
        del top
        error = None
    sys.modules.pop("__main__")
    for key in list(names):
        if key != "__builtins__":
            names[key] = None
    del main, names
    gc.collect()
    sys.stdout.flush(); sys.stderr.flush()
    return code & 0xFF

def _clean(folder):
    sys.path.remove(folder)
    os.chdir("/")
    for key in set(sys.modules) - _modules:
        if getattr(sys.modules[key], "__file__", None) is None or str(sys.modules[key].__file__).startswith(folder):
            del sys.modules[key]
    sys.path_importer_cache.clear()
    linecache.clearcache()
    sys.setrecursionlimit(1000)
    sys.excepthook, sys.displayhook = _hooks
    gc.collect()
`;

/** Loads the interpreter; the result runs programs one after the other. */
export async function loadInterpreter() {
  const pyodide = await loadPyodide({ fullStdLib: false });
  pyodide.runPython(RUNNER);
  const run = pyodide.globals.get("_run");
  const clean = pyodide.globals.get("_clean");
  let count = 0;

  /**
   * Runs a program file; returns `{ stdout, stderr, exit }`. Python finds its modules in `packages` too, folders of the disk.
   */
  function runProgram(file, packages = []) {
    const folder = `/run${count++}`;
    const name = path.basename(file);
    copyFolder(pyodide.FS, path.dirname(file), folder);
    const chunks = { stdout: [], stderr: [] };
    for (const [stream, set] of [["stdout", "setStdout"], ["stderr", "setStderr"]]) {
      pyodide[set]({ write: (bytes) => { chunks[stream].push(Buffer.from(bytes)); return bytes.length; }, isatty: false });
    }
    const stdinFile = file.replace(/\.py$/, ".stdin");
    const lines = fs.existsSync(stdinFile) ? fs.readFileSync(stdinFile, "utf8").match(/[^\n]*\n|[^\n]+$/g) ?? [] : [];
    pyodide.setStdin({ stdin: () => lines.shift() ?? null, autoEOF: false });
    // A fresh text layer for each program: the end of one program's input must not stick to the next.
    pyodide.runPython(`sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)))`);
    const mounts = packages.map((root, at) => {
      const mount = `/packages${count}/${at}`;
      pyodide.FS.mkdirTree(mount);
      pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root }, mount);
      return mount;
    });
    pyodide.globals.set("_packages", pyodide.toPy(mounts));
    pyodide.runPython("sys.path[0:0] = _packages");
    const exit = run(folder, name, fs.readFileSync(file, "utf8"));
    pyodide.runPython("for folder in _packages: sys.path.remove(folder)");
    for (const mount of mounts) pyodide.FS.unmount(mount);
    clean(folder);
    // Modules beside the program are named relative to it, as the program itself is.
    const text = (list) => Buffer.concat(list).toString("utf8").replaceAll(`${folder}/`, "");
    return { stdout: text(chunks.stdout), stderr: text(chunks.stderr), exit };
  }

  return { pyodide, runProgram, version: pyodide.runPython("sys.version.split()[0]") };
}

/** Copies the .py, .txt and other small files of a folder (and its packages) into the interpreter's file system. */
function copyFolder(FS, from, to) {
  FS.mkdirTree(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    if (entry.name.startsWith(".") || entry.name === "__pycache__") continue;
    if (entry.isDirectory()) copyFolder(FS, path.join(from, entry.name), `${to}/${entry.name}`);
    else if (!/\.(out|stdin)$/.test(entry.name)) FS.writeFile(`${to}/${entry.name}`, fs.readFileSync(path.join(from, entry.name)));
  }
}
