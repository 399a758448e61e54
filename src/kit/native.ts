import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ownNodeModules } from "./native-own.ts";
import { onceUnlessFailed } from "./once.ts";

// DuckDB and onnxruntime (115 MB) are never bundled (docs/decisions/0002-native-modules.md). They are opened by require at
// the moment of first use, never by an import of their name: ncc hoists both the static and the dynamic import of an
// external module to the first line of the bundle.

type DuckDB = typeof import("@duckdb/node-api");
type OnnxRuntime = typeof import("onnxruntime-node");

const here = dirname(fileURLToPath(import.meta.url));
/** Both `dist/<bundle>/` and `src/kit/` lie two levels below the root of what was downloaded, installed or cloned. */
const root = join(here, "..", "..");

/** DuckDB's Node API, opened on first use. */
export async function loadDuckDB(): Promise<DuckDB> {
  return (await nativeRequire())("@duckdb/node-api");
}

/** onnxruntime, opened on first use. */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  return (await nativeRequire())("onnxruntime-node");
}

/** True when both modules are in a node_modules of this tool's own: in a checkout, or beside the installed package. */
export function hasOwnNativeModules(): boolean {
  return ownNodeModules(root) !== null;
}

const preparation = onceUnlessFailed(async () => {
  // Only where the modules are not our own; threads are told the folder and never come here.
  const { nativeFolder, prepareNativeFolder } = await import("./native-folder.ts");
  const folder = nativeFolder(process.env);
  const tell = (line: string) => process.stderr.write(`mlops: ${line}\n`);
  await prepareNativeFolder({ folder, lockFolder: lockFolder(), tell });
  return folder;
});
let given: string | null = null;

/** The checked folder of the native modules; null where they are in an own node_modules. Checked once in a process. */
export async function checkedNativeFolder(): Promise<string | null> {
  if (hasOwnNativeModules()) return null;
  return given ?? (await preparation());
}

/** In a thread: the folder that the thread that started it has checked (118 MB are not read again). */
export function useNativeFolder(folder: string | null): void {
  given = folder;
}

/** Looks in an own node_modules, then in the runner's tool cache or the user's cache, then installs it there. */
async function nativeRequire(): Promise<NodeJS.Require> {
  const modules = ownNodeModules(root) ?? join(given ?? (await preparation()), "node_modules");
  // From inside node_modules: there Node asks no package.json above it what a name means (self-reference).
  return createRequire(pathToFileURL(join(modules, "mlops.js")));
}

/** The lock file that is shipped with the action: `dist/native/` beside the bundle, `native/` in a checkout. */
export function lockFolder(): string {
  const shipped = [join(here, "..", "native"), join(root, "native")];
  return shipped.find((folder) => existsSync(join(folder, "package-lock.json"))) ?? join(here, "..", "native");
}
