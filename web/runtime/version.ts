import manifest from "../../pkg/package.json" with { type: "json" };

/** The package's version. */
export const version: string = manifest.version;
