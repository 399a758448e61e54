import type { Inputs, Outputs } from "./io.ts";

export interface Ports {
  /** True when the modules resolve beside the action itself. */
  hasOwnModules(): boolean;
  folder(): string;
  isIntact(folder: string): Promise<boolean>;
  /** Restores the folder from the Actions cache; false when there is none or no cache service. */
  restore(folder: string): Promise<boolean>;
  prepare(folder: string): Promise<"kept" | "installed">;
}

export interface SetupResult extends Outputs {
  /** True when the folder is worth saving to the cache after the job. */
  save: boolean;
}

/**
 * Finds the native modules, cheapest place first. A restored cache is only believed when its files have the digests of
 * this build: a cache can be written by other workflows of the repository (design: who trusts what).
 */
export async function setup(inputs: Inputs, ports: Ports): Promise<SetupResult> {
  if (ports.hasOwnModules()) return { source: "checkout", folder: "", save: false };
  const folder = ports.folder();
  if (await ports.isIntact(folder)) return { source: "tool-cache", folder, save: false };
  if (inputs.cache && (await ports.restore(folder)) && (await ports.isIntact(folder))) {
    return { source: "actions-cache", folder, save: false };
  }
  await ports.prepare(folder);
  return { source: "registry", folder, save: inputs.cache };
}
