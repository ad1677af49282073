/** `FS`: the part of Emscripten's file system interface that pages use, over the session's files. */

import type { FileSystem } from "../../pkg/types/pyodide.js";
import { type Files, loadFiles, storeFiles } from "../host/storage.js";
import { checkBytes, checkPath } from "../runtime/arguments.js";
import type { Machine } from "./proxy.js";

const formatMask = 0o170000;
const formats = { directory: 0o040000, file: 0o100000, link: 0o120000, device: 0o020000 };

/** Emscripten's numbers of errors (WASI's) by Linux's, which Python has. */
const numbers: Record<number, number> = {
  1: 63, 2: 44, 9: 8, 13: 2, 16: 10, 17: 20, 18: 75, 20: 54, 21: 31, 22: 28, 27: 22, 28: 51, 30: 69, 36: 37, 39: 55, 40: 32,
};

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

/** An open file. */
interface Stream {
  fd: number;
  path: string;
  position: number;
}

/** Flags of `open` and `writeFile` as Python's modes. */
const modes: Record<string, string> = { r: "rb", "r+": "rb+", w: "wb", "w+": "wb+", a: "ab", "a+": "ab+", wx: "xb", "wx+": "xb+" };

export function createFileSystem(machine: Machine): FileSystem {
  /** Calls Python; its OSErrors become Emscripten's errors. */
  const python = (name: string, args: unknown[], keywords: string[] = []) => {
    try {
      return machine.call(name, args, keywords, 1);
    } catch (error) {
      const message = error instanceof Error ? error.message.trim().split("\n").at(-1)! : String(error);
      const number = /\[Errno (\d+)\]/.exec(message)?.[1];
      throw number ? new ErrnoError(numbers[Number(number)] ?? 29, message) : error;
    }
  };
  const os = (name: string, ...args: unknown[]) => python(`os.${name}`, args);
  const stat = (path: unknown, follow: boolean) => {
    const [mode, size, mtime, atime, ctime, ino, dev, nlink] = python("pyodide.ffi._stat", [checkPath(path, "path"), follow]) as number[];
    const date = (seconds: number | undefined) => new Date(seconds! * 1000);
    return { size: size!, mode: mode!, mtime: date(mtime), atime: date(atime), ctime: date(ctime), ino: ino!, dev: dev!, nlink: nlink!, uid: 0, gid: 0 };
  };
  const isMode = (format: number) => (mode: number) => (mode & formatMask) === format;
  const modeOf = (flags: string) => {
    const mode = modes[flags];
    if (mode === undefined) throw new Error(`Unknown file open mode: ${flags}`);
    return mode;
  };
  const whole = (path: string) => python("os.path.abspath", [path]) as string;

  /** Kinds of file systems; what is mounted as `IDBFS` is kept in the browser by `syncfs`. */
  const filesystems = { MEMFS: {}, IDBFS: {} };
  const mounts = new Set<string>();

  const files: FileSystem = {
    ErrnoError,
    writeFile(path, data, options) {
      python("pyodide.ffi._write_file", [checkPath(path, "path"), checkBytes(data, "data"), modeOf(options?.flags ?? "w")]);
    },
    readFile(path, options) {
      const bytes = python("pyodide.ffi._read_file", [checkPath(path, "path")]) as Uint8Array;
      return options?.encoding === "utf8" ? new TextDecoder().decode(bytes) : bytes;
    },
    mkdir: (path, mode = 0o777) => void os("mkdir", checkPath(path, "path"), mode),
    mkdirTree: (path) => void python("os.makedirs", [checkPath(path, "path"), true], ["exist_ok"]),
    readdir: (path) => [".", "..", ...(os("listdir", checkPath(path, "path")) as string[])],
    unlink: (path) => void os("unlink", checkPath(path, "path")),
    rmdir: (path) => void os("rmdir", checkPath(path, "path")),
    rename: (from, to) => void os("rename", checkPath(from, "from"), checkPath(to, "to")),
    symlink: (target, path) => void os("symlink", checkPath(target, "target"), checkPath(path, "path")),
    readlink: (path) => os("readlink", checkPath(path, "path")) as string,
    truncate: (path, length) => void os("truncate", checkPath(path, "path"), length),
    chmod: (path, mode) => void os("chmod", checkPath(path, "path"), mode),
    utime: (path, atime, mtime) => void python("os.utime", [checkPath(path, "path"), machine.call("tuple", [[atime / 1000, mtime / 1000]])]),
    stat: (path) => stat(path, true),
    lstat: (path) => stat(path, false),
    analyzePath(path) {
      const full = whole(checkPath(path, "path"));
      const look = (name: string) => {
        try {
          const { mode } = stat(name, true);
          return { isFolder: isMode(formats.directory)(mode), isDevice: isMode(formats.device)(mode), mode };
        } catch {
          return null;
        }
      };
      const parentPath = full.replace(/\/[^/]*$/, "") || "/";
      const [object, parentObject] = [look(full), look(parentPath)];
      return {
        isRoot: full === "/", exists: object !== null, error: object ? 0 : numbers[2]!, name: full === "/" ? "/" : full.split("/").pop()!, path: full, object,
        parentExists: parentObject !== null, parentPath, parentObject,
      };
    },
    cwd: () => os("getcwd") as string,
    chdir: (path) => void os("chdir", checkPath(path, "path")),
    isDir: isMode(formats.directory),
    isFile: isMode(formats.file),
    isLink: isMode(formats.link),
    open(path, flags = "r") {
      const text = typeof flags === "string" ? modeOf(flags) : undefined;
      const of = (name: string) => Number(machine.call("getattr", [machine.call("__import__", ["os"]), name]));
      let bits = typeof flags === "number" ? flags : text!.includes("+") ? of("O_RDWR") : text!.startsWith("r") ? of("O_RDONLY") : of("O_WRONLY");
      if (text && !text.startsWith("r")) bits |= of("O_CREAT") | (text.startsWith("w") ? of("O_TRUNC") : text.startsWith("a") ? of("O_APPEND") : of("O_EXCL"));
      return { fd: Number(os("open", checkPath(path, "path"), bits)), path: whole(path), position: 0 };
    },
    filesystems,
    mount(type, _options, path) {
      const folder = whole(checkPath(path, "path"));
      stat(folder, true);
      if (type === filesystems.IDBFS) mounts.add(folder);
      return { mountpoint: folder };
    },
    unmount: (path) => void mounts.delete(whole(checkPath(path, "path"))),
    syncfs(populate: boolean | ((error: unknown) => void), callback?: (error: unknown) => void) {
      const done = typeof populate === "function" ? populate : callback;
      const all = [...mounts].map((folder) => (populate === true ? restore(folder) : storeFiles(`mount:${folder}`, tree(folder))));
      Promise.all(all).then(
        () => done?.(null),
        (error: unknown) => done?.(error),
      );
    },
    close: ({ fd }) => void os("close", fd),
    llseek: (stream, offset, whence) => (stream.position = Number(os("lseek", stream.fd, offset, whence))),
    read(stream, buffer, offset, length, position) {
      const bytes = transfer(stream, position, () => os("read", stream.fd, length) as Uint8Array);
      buffer.set(bytes, offset);
      return bytes.length;
    },
    write: (stream, buffer, offset, length, position) => transfer(stream, position, () => Number(python("pyodide.ffi._write_fd", [stream.fd, buffer.slice(offset, offset + length)]))),
  };

  /** Every file below the folder, by its path from there. */
  function tree(folder: string, found: Files = {}, prefix = ""): Files {
    for (const name of os("listdir", folder) as string[]) {
      const path = `${folder}/${name}`;
      if (files.isDir(files.lstat(path).mode)) tree(path, found, `${prefix}${name}/`);
      else found[prefix + name] = files.readFile(path) as Uint8Array;
    }
    return found;
  }

  async function restore(folder: string): Promise<void> {
    for (const [name, bytes] of Object.entries(await loadFiles(`mount:${folder}`))) {
      files.mkdirTree(`${folder}/${name}`.replace(/\/[^/]*$/, ""));
      files.writeFile(`${folder}/${name}`, bytes);
    }
  }

  /** Reads or writes at the position, or where the stream is; only the latter moves the stream. */
  function transfer<T extends number | Uint8Array>(stream: Stream, position: number | undefined, go: () => T): T {
    if (position !== undefined) os("lseek", stream.fd, position, 0);
    const done = go();
    if (position === undefined) stream.position += typeof done === "number" ? done : done.length;
    else os("lseek", stream.fd, stream.position, 0);
    return done;
  }
  return files;
}
