import * as core from "@actions/core";
import { logLine } from "../../kit/log-line.ts";
import { hasOwnNativeModules, lockFolder } from "../../kit/native.ts";
import { isIntact, nativeCacheKey, nativeFolder, prepareNativeFolder } from "../../kit/native-folder.ts";
import { readInputs, runEdge } from "../../kit/run-action.ts";
import { Inputs } from "./io.ts";
import { setup } from "./run.ts";

await runEdge(async () => {
  const { source, folder } = await setup(readInputs(Inputs), {
    hasOwnModules: hasOwnNativeModules,
    folder: () => nativeFolder(process.env),
    isIntact,
    restore,
    prepare: (folder) =>
      prepareNativeFolder({ folder, lockFolder: lockFolder(), tell: (line) => core.info(logLine(line)) }),
    save,
  });
  core.setOutput("source", source);
  core.setOutput("folder", folder);
  core.info(logLine(`native modules: ${source}${folder === "" ? "" : ` (${folder})`}`));
});

async function restore(folder: string): Promise<boolean> {
  const hit = await withCache("was not used", (cache) => cache.restoreCache([folder], nativeCacheKey()));
  return hit !== undefined;
}

async function save(folder: string): Promise<void> {
  await withCache("was not filled", (cache) => cache.saveCache([folder], nativeCacheKey()));
}

/** The cache only saves time, and the registry has the same files: what fails is told and no more. */
async function withCache<Result>(
  failed: string,
  work: (cache: typeof import("@actions/cache")) => Promise<Result>,
): Promise<Result | undefined> {
  // The cache's client is heavy to load, and most starts do not need it.
  const cache = await import("@actions/cache");
  if (!cache.isFeatureAvailable()) return undefined;
  try {
    return await work(cache);
  } catch (error) {
    core.warning(logLine(`the Actions cache ${failed}: ${error instanceof Error ? error.message : String(error)}`));
    return undefined;
  }
}
