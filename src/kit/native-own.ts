import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { nativeVersions } from "./native-digests.ts";

// Which node_modules is ours. Node itself would ask those of every folder above the file: on a runner the folders above
// an action belong to whoever used the machine before, and what lies in them is opened unchecked.

/** What DuckDB and onnxruntime load in turn: were it elsewhere, Node would go on looking above our folder. */
const companions = [
  "@duckdb/node-bindings",
  `@duckdb/node-bindings-${process.platform}-${process.arch}`,
  "onnxruntime-common",
];

/**
 * The `node_modules` that holds both native modules, in the versions that this build is tested with; null for none.
 * `root`: folder of the checkout, the downloaded action or the installed npm package.
 */
export function ownNodeModules(root: string): string | null {
  return placesOf(root).find(holdsNativeModules) ?? null;
}

/** Its own; for the npm package also the one that npm has installed it to, which is the user's. */
function placesOf(root: string): string[] {
  const around = dirname(root);
  return [join(root, "node_modules"), ...(basename(around) === "node_modules" ? [around] : [])];
}

function holdsNativeModules(folder: string): boolean {
  return (
    Object.entries(nativeVersions).every(([name, version]) => versionIn(join(folder, name)) === version) &&
    companions.every((name) => existsSync(join(folder, name)))
  );
}

function versionIn(folder: string): string | null {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return null;
  // Without a schema library: inference threads load this file too.
  const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
  const isNamed = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isNamed ? String(manifest.version) : null;
}
