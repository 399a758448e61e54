import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Path of a file of the data folder that lies beside a developer's checkout, or null where it is absent: then tests on
 * it skip (`it.skipIf(path === null)`) and their names say `needs ../shared/data`.
 */
export function sharedData(name: string): string | null {
  const path = fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url));
  return existsSync(path) ? path : null;
}
