/** The glue that wasm-bindgen writes, wrapped by the build so that it can be instantiated more than once. */
declare module "*/generated/glue.js" {
  export function createGlue(): {
    initSync(options: { module: WebAssembly.Module }): WebAssembly.ModuleImports;
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    Interpreter: new (...args: any[]) => unknown;
    panicText(): string | undefined;
  };
}
declare module "*/generated/parts.js" {
  /** Which file of parts/ holds the functions of a native module. */
  export const partOf: Record<string, string>;
}
declare module "*.css" {
  const text: string;
  export default text;
}
