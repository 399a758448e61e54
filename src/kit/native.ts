import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nativeFolder, prepareNativeFolder } from "./native-folder.ts";
import { onceUnlessFailed } from "./once.ts";

// DuckDB and onnxruntime (115 MB) are never bundled (design: native modules). They are opened by require at the moment
// of first use, never by an import of their name: ncc hoists both the static and the dynamic import of an external
// module to the first line of the bundle.

type DuckDB = typeof import("@duckdb/node-api");
type OnnxRuntime = typeof import("onnxruntime-node");
type NativeName = "@duckdb/node-api" | "onnxruntime-node";

/** DuckDB's Node API, opened on first use. */
export async function loadDuckDB(): Promise<DuckDB> {
  return (await nativeRequire("@duckdb/node-api"))("@duckdb/node-api");
}

/** onnxruntime, opened on first use. */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  return (await nativeRequire("onnxruntime-node"))("onnxruntime-node");
}

/** True when both modules resolve beside this file: in a checkout or an installed package. */
export function hasOwnNativeModules(): boolean {
  const own = createRequire(import.meta.url);
  return canResolve(own, "@duckdb/node-api") && canResolve(own, "onnxruntime-node");
}

const preparation = onceUnlessFailed(async () => {
  const folder = nativeFolder(process.env);
  await prepareNativeFolder(folder, lockFolder());
  return folder;
});
let given: string | null = null;

/** The checked folder of the native modules; null where they resolve beside this file. Checked once in a process. */
export async function checkedNativeFolder(): Promise<string | null> {
  if (hasOwnNativeModules()) return null;
  return given ?? (await preparation());
}

/** In a thread: the folder that the thread that started it has checked (118 MB are not read again). */
export function useNativeFolder(folder: string | null): void {
  given = folder;
}

/** Looks beside this file (a checkout or an installed package), then in the runner's tool cache, then installs it there. */
async function nativeRequire(name: NativeName): Promise<NodeJS.Require> {
  const own = createRequire(import.meta.url);
  if (canResolve(own, name)) return own;
  const folder = given ?? (await preparation());
  // From inside node_modules: there Node asks no package.json above it what a name means (self-reference).
  return createRequire(pathToFileURL(join(folder, "node_modules", "mlops.js")));
}

function canResolve(from: NodeJS.Require, name: string): boolean {
  try {
    from.resolve(name);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") return false;
    throw error;
  }
}

/** The lock file that is shipped with the action: `dist/native/` beside the bundle, `native/` in a checkout. */
export function lockFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const shipped = [join(here, "..", "native"), join(here, "..", "..", "native")];
  return shipped.find((folder) => existsSync(join(folder, "package-lock.json"))) ?? join(here, "..", "native");
}
