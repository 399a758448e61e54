import { resolve } from "node:path";
import { loadModel } from "../spec/load.ts";
import { type GovernedModel, loadWithRules } from "../spec/load-with-rules.ts";
import { rulesOf } from "../spec/repository-rules.ts";
import { isCommitted, readGit, readRun } from "./git.ts";
import type { Log } from "./log.ts";
import { runFolder, runFolderCommitted, runFolders } from "./run-folder.ts";
import type { StepContext } from "./step.ts";

export interface ContextRequest {
  modelFile: string;
  workingDirectory: string;
  force: boolean;
  /** False: a model that came with this tool, which the mlops.yml of the repository around does not know. */
  isGoverned?: boolean;
  log: Log;
  environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads model.yml and mlops.yml, and says where and on which commit the steps work. `read`: instead of the file that the request
 * names.
 */
export async function createContext(
  request: ContextRequest,
  read: (workingDirectory: string) => Promise<GovernedModel> = (folder) => load(request, folder),
): Promise<StepContext> {
  const workingDirectory = resolve(request.workingDirectory);
  const [{ model, rules }, git] = await Promise.all([
    read(workingDirectory),
    readGit(workingDirectory, request.environment),
    refuseCommitted(workingDirectory, request.environment),
  ]);
  return {
    model,
    rules,
    folder: runFolder(workingDirectory, model.spec.name),
    workingDirectory,
    force: request.force,
    log: request.log,
    now: () => new Date(),
    git,
    run: readRun(request.environment),
  };
}

/**
 * In a job, evidence that came with the commit was made by whoever wrote it: a forged pass would be believed. Throws
 * run_folder_committed.
 */
export async function refuseCommitted(
  workingDirectory: string,
  { GITHUB_ACTIONS }: ContextRequest["environment"],
): Promise<void> {
  if (GITHUB_ACTIONS === "true" && (await isCommitted(runFolders, workingDirectory))) throw runFolderCommitted();
}

async function load({ modelFile, isGoverned = true }: ContextRequest, folder: string): Promise<GovernedModel> {
  if (isGoverned) return loadWithRules(modelFile, folder);
  return { model: await loadModel(modelFile, folder), rules: rulesOf(null) };
}
