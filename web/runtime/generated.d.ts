/** The glue that wasm-bindgen writes, wrapped by the build so that it can be instantiated more than once. */
declare module "*/generated/glue.js" {
  export function createGlue(): {
    initSync(options: { module: WebAssembly.Module }): unknown;
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    Interpreter: new (...args: any[]) => unknown;
    panicText(): string | undefined;
  };
}
declare module "*.css" {
  const text: string;
  export default text;
}
