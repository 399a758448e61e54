import { join, relative, resolve, sep } from "node:path";
import type { Inputs } from "../actions/plan/io.ts";
import { type PlannedChange, plan } from "../actions/plan/run.ts";
import { repositoryFolder } from "../git/commits.ts";
import { writeFileAtomically } from "../kit/atomic-write.ts";
import { readRun } from "../kit/git.ts";
import { ignoreRunFolders } from "../kit/ignore-run-folders.ts";
import { runFolders } from "../kit/run-folder.ts";
import { readFacts } from "./plan-facts.ts";
import { findRange } from "./plan-range.ts";

export interface PlanRequest {
  /** Folder that the jobs' paths are relative to: the workspace, or where a person is. */
  workspace: string;
  environment: Readonly<Record<string, string | undefined>>;
}

export interface PlannedFiles extends PlannedChange {
  /** Absolute. */
  planPath: string;
  outcomePath: string;
}

/** Binds the plan to git and the disk: what it decides on comes from commits, and what it writes lies in the run folders. */
export async function planStep({ workspace, environment }: PlanRequest, inputs: Inputs): Promise<PlannedFiles> {
  const root = await repositoryFolder(resolve(workspace, inputs.workingDirectory));
  const [planPath, outcomePath] = [join(root, runFolders, "plan.json"), join(root, runFolders, "plan.outcome.json")];
  const context = {
    workingDirectory: relative(workspace, root).split(sep).join("/") || ".",
    planPath: `${runFolders}/plan.json`,
    run: readRun(environment),
    testedSha: environment.GITHUB_SHA ?? null,
    now: () => new Date(),
  };
  const planned = await plan(context, inputs, {
    findCommits: (given) => findRange(root, given, environment),
    readFacts: (commits) => readFacts(root, commits),
    write: async (files) => {
      await ignoreRunFolders(root);
      await writeFileAtomically(planPath, files.plan);
      await writeFileAtomically(outcomePath, files.outcome);
    },
  });
  return { ...planned, planPath, outcomePath };
}
