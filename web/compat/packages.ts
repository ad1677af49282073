/**
 * `loadPackage` and `loadPackagesFromImports`. Pyodide has a distribution of packages; here a name means the package of that name on
 * PyPI, as far as it is pure Python, and `micropip` installs it.
 */

import type { PackageData, PackageOptions } from "../../pkg/types/pyodide.js";

/** Pure-Python packages that Pyodide's distribution has, with the names of their modules where those differ. */
const distribution = `affine aiohappyeyeballs aiosignal altair annotated-types anyio asttokens async-timeout atomicwrites
attrs:attr,attrs beautifulsoup4:bs4 bitstring bleach cachetools certifi charset-normalizer click cligj cloudpickle colorspacious
cssselect cycler decorator deprecated deprecation diskcache distlib distro dnspython:dns docutils exceptiongroup executing
fonttools:fontTools fsspec future h11 html5lib httpcore httpx idna imageio iniconfig ipython:IPython jedi jinja2 joblib jsonpatch
jsonpointer jsonschema lazy_loader more-itertools mpmath munch narwhals networkx nltk packaging parso pkgconfig platformdirs pluggy ply
prompt_toolkit pure-eval py pycparser pygments pyparsing pyshp:shapefile pytest pytest-asyncio python-dateutil:dateutil pytz referencing
requests retrying rich ruamel.yaml:ruamel setuptools six smart-open sniffio sortedcontainers soupsieve stack-data starlette strictyaml
svgwrite sympy tblib termcolor texttable threadpoolctl tomli tomli-w toolz:tlz,toolz tqdm traitlets typing-extensions typing-inspection
tzdata uncertainties urllib3 wcwidth webencodings xlrd xyzservices`;

/** The package of a module that such a package has. */
function packageOf(module: string): string | undefined {
  for (const entry of distribution.split(/\s+/)) {
    const [name, modules] = entry.split(":") as [string, string?];
    if ((modules?.split(",") ?? [name.replaceAll("-", "_")]).includes(module)) return name;
  }
  return undefined;
}

/** What installing needs of Python. */
export interface Installer {
  /** Whether the module can be imported without installing anything. */
  exists(module: string): boolean;
  /** `micropip.install`. */
  install(requirement: string): Promise<unknown>;
  /** The version of an installed package. */
  version(name: string): string;
  /** The modules that a program imports. */
  imports(code: string): string[];
  /** Names and origins of what was loaded. */
  loaded: Record<string, string>;
}

/** Installs packages by name, or wheels by address; what was installed now. */
export async function loadPackages(installer: Installer, names: string[], options: PackageOptions): Promise<PackageData[]> {
  const { messageCallback = () => {} } = options;
  const found: PackageData[] = [];
  for (const requirement of names) {
    const address = /\.whl($|[?#])/.test(requirement);
    const file = address ? requirement.split(/[?#]/)[0]!.split("/").pop()! : "";
    const name = address ? file.split("-")[0]!.replaceAll("_", "-").toLowerCase() : requirement;
    // Modules of the standard library are there when they are imported.
    if (Object.hasOwn(installer.loaded, name) || (!address && (name === "micropip" || installer.exists(name.replaceAll("-", "_"))))) continue;
    messageCallback(`Loading ${name}`);
    try {
      await installer.install(requirement);
    } catch (error) {
      if (address) throw error;
      const reason = error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error);
      throw new Error(`No known package with name '${name}': ${reason}`);
    }
    installer.loaded[name] = address ? requirement : "pypi";
    found.push({ name, version: installer.version(name), fileName: file, packageType: "package" });
    messageCallback(`Loaded ${name}`);
  }
  return found;
}

/** Installs the known packages that a program imports. One that cannot be had is told to the callback; its import will fail. */
export async function loadImports(installer: Installer, code: string, options: PackageOptions): Promise<PackageData[]> {
  const { errorCallback = (text: string) => console.error(text) } = options;
  const found: PackageData[] = [];
  for (const module of installer.imports(code)) {
    const name = packageOf(module);
    if (name === undefined || installer.exists(module)) continue;
    try {
      found.push(...(await loadPackages(installer, [name], options)));
    } catch (error) {
      errorCallback(error instanceof Error ? error.message : String(error));
    }
  }
  return found;
}
