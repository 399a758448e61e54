import type { Inputs, Outputs } from "./io.ts";

export interface Ports {
  /** True when the action's own node_modules has the modules. */
  hasOwnModules(): boolean;
  folder(): string;
  isIntact(folder: string): Promise<boolean>;
  /** Restores the folder from the Actions cache; false when there is none or no cache service. */
  restore(folder: string): Promise<boolean>;
  prepare(folder: string): Promise<"kept" | "installed">;
  /** Saves the folder to the Actions cache. */
  save(folder: string): Promise<void>;
}

/**
 * Finds the native modules, cheapest place first. A restored cache is only believed when its files have the digests of
 * this build: a cache can be written by other workflows of the repository (docs/decisions/0002-native-modules.md). What
 * was installed is saved at once, for the same reason: after the job, a trainer may have had its hands on it.
 */
export async function setup(inputs: Inputs, ports: Ports): Promise<Outputs> {
  if (ports.hasOwnModules()) return { source: "checkout", folder: "" };
  const folder = ports.folder();
  if (await ports.isIntact(folder)) return { source: "tool-cache", folder };
  if (inputs.cache !== "false" && (await ports.restore(folder)) && (await ports.isIntact(folder))) {
    return { source: "actions-cache", folder };
  }
  await ports.prepare(folder);
  if (inputs.cache === "true" && (await ports.isIntact(folder))) await ports.save(folder);
  return { source: "registry", folder };
}
