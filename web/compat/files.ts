/** `FS`: the part of Emscripten's file system interface that pages use, over the session's files. */

import type { FileSystem } from "../../pkg/types/pyodide.js";
import { checkBytes, checkPath } from "../runtime/arguments.js";
import type { Raw } from "../runtime/raw.js";
import type { Machine } from "./proxy.js";

const directoryBit = 0o040000;
const formatMask = 0o170000;

/** An error as Emscripten throws them. */
class ErrnoError extends Error {
  override name = "ErrnoError";
  readonly errno: number;
  constructor(errno: number, message: string) {
    super(message);
    this.errno = errno;
  }
}
Object.defineProperty(ErrnoError, "name", { value: "ErrnoError" });

export function createFileSystem(use: <T>(call: (raw: Raw) => T) => T, machine: Machine): FileSystem {
  const os = (name: string, ...args: unknown[]) => {
    try {
      return machine.call(`os.${name}`, args);
    } catch (error) {
      throw new ErrnoError(44, error instanceof Error ? error.message : String(error));
    }
  };
  return {
    writeFile(path, data) {
      checkPath(path, "path");
      const bytes = checkBytes(data, "data");
      use((raw) => raw.writeFile(path, bytes));
    },
    readFile(path, options) {
      checkPath(path, "path");
      const bytes = use((raw) => raw.readFile(path));
      if (!bytes) throw new ErrnoError(44, `no such file: ${path}`);
      return options?.encoding === "utf8" ? new TextDecoder().decode(bytes) : bytes;
    },
    mkdir: (path) => void os("mkdir", checkPath(path, "path")),
    mkdirTree: (path) => void machine.call("os.makedirs", [checkPath(path, "path"), true], ["exist_ok"]),
    readdir: (path) => [".", "..", ...(machine.call("os.listdir", [checkPath(path, "path")], [], 1) as string[])],
    unlink: (path) => void os("unlink", checkPath(path, "path")),
    rmdir: (path) => void os("rmdir", checkPath(path, "path")),
    rename: (from, to) => void os("rename", checkPath(from, "from"), checkPath(to, "to")),
    stat(path) {
      const [mode, , , , , , size, , mtime] = machine.call("tuple", [os("stat", checkPath(path, "path"))], [], 1) as number[];
      return { size: size!, mode: mode!, mtime: new Date(mtime! * 1000) };
    },
    analyzePath: (path) => ({ exists: machine.call("os.path.exists", [checkPath(path, "path")]) === true, path }),
    cwd: () => machine.call("os.getcwd", []) as string,
    chdir: (path) => void os("chdir", checkPath(path, "path")),
    isDir: (mode) => (mode & formatMask) === directoryBit,
    isFile: (mode) => (mode & formatMask) === 0o100000,
  };
}
