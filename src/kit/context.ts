import { resolve } from "node:path";
import { loadModel } from "../spec/load.ts";
import { readGit, readRun } from "./git.ts";
import type { Log } from "./log.ts";
import { runFolder } from "./run-folder.ts";
import type { StepContext } from "./step.ts";

export interface ContextRequest {
  modelFile: string;
  workingDirectory: string;
  force: boolean;
  log: Log;
  environment: Readonly<Record<string, string | undefined>>;
}

/** Reads model.yml and says where and on which commit the steps work. */
export async function createContext(request: ContextRequest): Promise<StepContext> {
  const workingDirectory = resolve(request.workingDirectory);
  const [model, git] = await Promise.all([
    loadModel(request.modelFile, workingDirectory),
    readGit(workingDirectory, request.environment),
  ]);
  return {
    model,
    folder: runFolder(workingDirectory, model.spec.name),
    workingDirectory,
    force: request.force,
    log: request.log,
    now: () => new Date(),
    git,
    run: readRun(request.environment),
  };
}
