import * as core from "@actions/core";
import { logLine } from "../../kit/log-line.ts";
import { hasOwnNativeModules, lockFolder } from "../../kit/native.ts";
import { isIntact, nativeCacheKey, nativeFolder, prepareNativeFolder } from "../../kit/native-folder.ts";
import { readInputs, runEdge } from "../../kit/run-action.ts";
import { Inputs } from "./io.ts";
import { setup } from "./run.ts";

// One bundle for both ends of the job: the post step finds what the main step noted in GITHUB_STATE.
const savedFolder = core.getState("save-folder");
await runEdge(core.getState("is-post") === "true" ? saveCache : main);

async function main(): Promise<void> {
  core.saveState("is-post", "true");
  const result = await setup(readInputs(Inputs), {
    hasOwnModules: hasOwnNativeModules,
    folder: () => nativeFolder(process.env),
    isIntact,
    restore,
    prepare: (folder) => prepareNativeFolder(folder, lockFolder()),
  });
  core.setOutput("source", result.source);
  core.setOutput("folder", result.folder);
  if (result.save) core.saveState("save-folder", result.folder);
  core.info(logLine(`native modules: ${result.source}${result.folder === "" ? "" : ` (${result.folder})`}`));
}

/** The cache's client is heavy to load, and most starts do not need it. */
async function actionsCache(): Promise<typeof import("@actions/cache")> {
  return import("@actions/cache");
}

async function restore(folder: string): Promise<boolean> {
  const cache = await actionsCache();
  if (!cache.isFeatureAvailable()) return false;
  try {
    return (await cache.restoreCache([folder], nativeCacheKey())) !== undefined;
  } catch (error) {
    // The cache only saves time; the registry has the same files.
    core.warning(logLine(`the Actions cache was not used: ${error instanceof Error ? error.message : String(error)}`));
    return false;
  }
}

async function saveCache(): Promise<void> {
  if (savedFolder === "") return;
  const cache = await actionsCache();
  if (!cache.isFeatureAvailable()) return;
  try {
    await cache.saveCache([savedFolder], nativeCacheKey());
  } catch (error) {
    core.warning(
      logLine(`the native modules were not cached: ${error instanceof Error ? error.message : String(error)}`),
    );
  }
}
