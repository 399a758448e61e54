import { join, relative, resolve, sep } from "node:path";
import type { StepInputs } from "../actions/plan/io.ts";
import { type PlannedChange, plan } from "../actions/plan/run.ts";
import { repositoryFolder } from "../git/commits.ts";
import { filesOf } from "../git/trees.ts";
import type { Api } from "../github/api.ts";
import { writeFileAtomically } from "../kit/atomic-write.ts";
import { readRun } from "../kit/git.ts";
import { ignoreRunFolders } from "../kit/ignore-run-folders.ts";
import { type Log, silentLog } from "../kit/log.ts";
import { runFolders } from "../kit/run-folder.ts";
import { finishedRun } from "./finished-run.ts";
import { readFacts } from "./plan-facts.ts";
import { type CommitRange, findRange } from "./plan-range.ts";

export interface PlanRequest {
  /** Folder that the jobs' paths are relative to: the workspace, or where a person is. */
  workspace: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** In a `workflow_run` job: finds the pull request and fetches its head. */
  token?: string;
  /** Instead of one for the token and repository of the job. */
  api?: Api;
  log?: Log;
}

export interface PlannedFiles extends PlannedChange {
  /** Absolute. */
  planPath: string;
  outcomePath: string;
}

/** Binds the plan to git and the disk: what it decides on comes from commits, and what it writes lies in the run folders. */
export async function planStep(request: PlanRequest, inputs: StepInputs): Promise<PlannedFiles> {
  const { workspace, environment } = request;
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
    findCommits: (given) => findCommits({ ...request, root }, given),
    listFiles: (commit) => filesOf(root, commit, () => true),
    readFacts: (commits) => readFacts(root, commits),
    write: async (files) => {
      await ignoreRunFolders(root);
      await writeFileAtomically(planPath, files.plan);
      await writeFileAtomically(outcomePath, files.outcome);
    },
  });
  return { ...planned, planPath, outcomePath };
}

interface CommitsRequest extends Pick<PlanRequest, "environment" | "token" | "api" | "log"> {
  root: string;
}

/** A sentence: why there is nothing to plan. */
async function findCommits(
  { root, environment, token, api, log = silentLog }: CommitsRequest,
  inputs: StepInputs,
): Promise<CommitRange | string> {
  const isNamed = inputs.base !== undefined || inputs.head !== undefined;
  const run = isNamed || token === undefined ? null : await finishedRun(environment);
  if (run === null || token === undefined) return findRange(root, inputs, environment);
  // Octokit is loaded only here.
  const [{ trustedRange }, { apiFor }] = await Promise.all([import("./trusted-range.ts"), import("./github-api.ts")]);
  return trustedRange(root, { run, api: api ?? apiFor(token, environment, log), token, environment });
}
