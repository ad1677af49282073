/** The part of Pyodide's interface that Snakelet offers; see docs/api.md for what differs. */

export const version: string;

export interface PyodideConfig {
  /** Folder of the package's files; by default the folder of this module. */
  indexURL?: string | URL;
  stdin?: () => string | null | undefined;
  stdout?: (text: string) => void;
  stderr?: (text: string) => void;
  env?: Record<string, string>;
  args?: string[];
  packages?: string[];
  [option: string]: unknown;
}

export function loadPyodide(options?: PyodideConfig): Promise<PyodideAPI>;

export interface RunPythonOptions {
  globals?: PyProxy;
  locals?: PyProxy;
  filename?: string;
}

export interface PyodideAPI {
  readonly version: string;
  /** Runs to the end. Where the program would have to wait for the page it gets a RuntimeError that names `runPythonAsync`. */
  runPython(code: string, options?: RunPythonOptions): any;
  /** Runs with top-level `await` and lets the page live meanwhile. */
  runPythonAsync(code: string, options?: RunPythonOptions): Promise<any>;
  readonly globals: PyProxy;
  toPy(value: any, options?: { depth?: number }): any;
  pyimport(name: string): any;
  /** Makes a JavaScript object importable in Python. */
  registerJsModule(name: string, module: object): void;
  unregisterJsModule(name: string): void;
  /** Unpacks a zip, wheel or tar file into the file system. */
  unpackArchive(buffer: BufferSource, format: string, options?: { extractDir?: string }): void;
  readonly pyodide_py: PyProxy;
  setStdin(options?: StdinOptions): void;
  setStdout(options?: StdoutOptions): void;
  setStderr(options?: StdoutOptions): void;
  setInterruptBuffer(buffer: { [index: number]: number } | undefined): void;
  checkInterrupt(): void;
  /** Installs packages by name (from PyPI, as far as they are pure Python) or wheels by address; what was installed now. */
  loadPackage(names: string | string[] | PyProxy, options?: PackageOptions): Promise<PackageData[]>;
  /** Installs what Pyodide's distribution has of a program's imports, as far as it is pure Python. */
  loadPackagesFromImports(code: string, options?: PackageOptions): Promise<PackageData[]>;
  /** Not available: the file system is in memory. Both throw an Error that says so. */
  mountNodeFS(path: string, hostPath: string): never;
  mountNativeFS(path: string, handle: object): Promise<never>;
  /** Origins of the packages that were loaded, by name: `pypi`, or the wheel's address. */
  readonly loadedPackages: Record<string, string>;
  readonly FS: FileSystem;
  readonly PATH: { basename(path: string): string; dirname(path: string): string; join(...paths: string[]): string; normalize(path: string): string };
  /** Classes for `instanceof`: what a proxy can do decides. */
  readonly ffi: {
    PyProxy: typeof PyProxy;
    PythonError: typeof PythonError;
    PyProxyWithLength: Test;
    PyProxyWithGet: Test;
    PyProxyWithSet: Test;
    PyProxyWithHas: Test;
    PyDict: Test;
    PyIterable: Test;
    PyIterator: Test;
    PyGenerator: Test;
    PyAwaitable: Test;
    PyCallable: Test;
    PyBuffer: Test;
    PySequence: Test;
    PyMutableSequence: Test;
  };
  readonly PythonError: typeof PythonError;
}

export interface PackageOptions {
  /** Told what is being loaded. */
  messageCallback?: (text: string) => void;
  /** Told what could not be loaded (`loadPackagesFromImports`); default: the console. */
  errorCallback?: (text: string) => void;
  checkIntegrity?: boolean;
}

export interface PackageData {
  name: string;
  version: string;
  fileName: string;
  packageType: "package";
}

export interface Test {
  [Symbol.hasInstance](value: unknown): boolean;
}

export interface StdinOptions {
  stdin?: () => string | Uint8Array | ArrayBuffer | number | null | undefined;
  read?: (buffer: Uint8Array) => number;
  error?: boolean;
  isatty?: boolean;
  autoEOF?: boolean;
}

export interface StdoutOptions {
  /** Called with each line, without its newline. */
  batched?: (line: string) => void;
  /** Called with each byte. */
  raw?: (byte: number) => void;
  /** Called with the bytes; answers how many it took. */
  write?: (buffer: Uint8Array) => number;
  isatty?: boolean;
}

/** What `FS` throws; `errno` is Emscripten's number. */
export interface ErrnoError extends Error {
  errno: number;
}

export interface FileStat {
  size: number;
  mode: number;
  mtime: Date;
  atime: Date;
  ctime: Date;
  ino: number;
  dev: number;
  nlink: number;
  uid: number;
  gid: number;
}

export interface FileNode {
  isFolder: boolean;
  isDevice: boolean;
  mode: number;
}

/** An open file. */
export interface FileStream {
  fd: number;
  path: string;
  position: number;
}

export interface FileSystem {
  readonly ErrnoError: new (errno: number, message: string) => ErrnoError;
  writeFile(path: string, data: string | Uint8Array, options?: { encoding?: string; flags?: string }): void;
  readFile(path: string, options?: { encoding?: "utf8" | "binary"; flags?: string }): any;
  mkdir(path: string, mode?: number): void;
  mkdirTree(path: string): void;
  readdir(path: string): string[];
  unlink(path: string): void;
  rmdir(path: string): void;
  rename(from: string, to: string): void;
  symlink(target: string, path: string): void;
  readlink(path: string): string;
  truncate(path: string, length: number): void;
  chmod(path: string, mode: number): void;
  /** Times in milliseconds. */
  utime(path: string, atime: number, mtime: number): void;
  stat(path: string): FileStat;
  lstat(path: string): FileStat;
  analyzePath(path: string): {
    isRoot: boolean; exists: boolean; error: number; name: string; path: string; object: FileNode | null;
    parentExists: boolean; parentPath: string; parentObject: FileNode | null;
  };
  cwd(): string;
  chdir(path: string): void;
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  isLink(mode: number): boolean;
  open(path: string, flags?: string | number): FileStream;
  close(stream: FileStream): void;
  readonly filesystems: { MEMFS: object; IDBFS: object };
  /** A folder mounted as `filesystems.IDBFS` is kept in the browser: `syncfs(true, …)` brings back what `syncfs(false, …)` stored. */
  mount(type: object, options: object, path: string): { mountpoint: string };
  unmount(path: string): void;
  syncfs(populate: boolean, callback?: (error: unknown) => void): void;
  syncfs(callback: (error: unknown) => void): void;
  llseek(stream: FileStream, offset: number, whence: number): number;
  read(stream: FileStream, buffer: Uint8Array, offset: number, length: number, position?: number): number;
  write(stream: FileStream, buffer: Uint8Array, offset: number, length: number, position?: number): number;
}

/** A Python exception that left Python. */
export class PythonError extends Error {
  constructor(type: string, message: string);
  /** The exception's class. */
  type: string;
}

/** A Python object in JavaScript. */
export class PyProxy {
  readonly type: string;
  readonly length: number;
  toString(): string;
  toJs(options?: { depth?: number; dict_converter?: (entries: Iterable<[any, any]>) => any; default_converter?: (value: any, convert: (value: any) => any, remember: (value: any, result: any) => void) => any; create_pyproxies?: boolean; pyproxies?: PyProxy[] }): any;
  copy(): PyProxy;
  destroy(message?: string): void;
  get(key: any): any;
  set(key: any, value: any): void;
  has(key: any): boolean;
  delete(key: any): void;
  call(thisArgument: any, ...args: any[]): any;
  callKwargs(...args: any[]): any;
  captureThis(): any;
  getBuffer(type?: string): { data: Uint8Array; release(): void };
  readonly isAlive: boolean;
  [Symbol.iterator](): Iterator<any>;
  [attribute: string]: any;
}
