import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readBlob, readTree } from "../git/objects.ts";
import type { Repository } from "../state/repository.ts";
import { WorkflowMistake } from "../workflows/mistake.ts";
import { workflowsAt } from "../workflows/triggered.ts";
import type { Workflow } from "../workflows/workflow-file.ts";

const folder = ".github/workflows";

/** Paths of the workflows of a commit that are rehearsed, and of those that are not. */
export interface Sorted {
  ours: string[];
  others: string[];
}

/**
 * The workflows that use an action of this project, and those whose end starts one of them. Others, such as a build on machines
 * that are not here, are left alone. A file that GitHub would not take is told when it should run.
 */
export function sortWorkflows(repository: Repository, sha: string): Sorted {
  const found = workflowsAt(repository, sha);
  const read = found.flatMap(({ workflow }) => (workflow instanceof WorkflowMistake ? [] : [workflow]));
  const ours = new Set(read.filter(usesOurs));
  for (let size = -1; size !== ours.size; ) {
    size = ours.size;
    const awaited = [...ours].flatMap(({ on }) => on.workflow_run?.workflows ?? []);
    for (const workflow of read) if (awaited.includes(workflow.name ?? workflow.path)) ours.add(workflow);
  }
  const broken = found.flatMap(({ path, workflow }) =>
    workflow instanceof WorkflowMistake && mentionsOurs(repository, sha, path) ? [path] : [],
  );
  const paths = [...[...ours].map(({ path }) => path), ...broken];
  return { ours: paths, others: found.map(({ path }) => path).filter((path) => !paths.includes(path)) };
}

function usesOurs({ jobs }: Workflow): boolean {
  return Object.values(jobs).some(({ steps }) =>
    steps.some(({ uses = "" }) => /^mlops-actions\/mlops-actions[/@]/.test(uses)),
  );
}

function mentionsOurs(repository: Repository, sha: string, path: string): boolean {
  const entry = readTree(repository.git, sha, true).find((one) => one.path === path);
  return entry !== undefined && readBlob(repository.git, entry.sha).includes("mlops-actions/mlops-actions");
}

/** This project's templates under the paths that they are copied to. */
export function templateFiles(templates: string, defaultBranch: string): Record<string, string> {
  const names = readdirSync(templates).filter((name) => name.endsWith(".yml"));
  return Object.fromEntries(
    names.map((name) => [
      `${folder}/${name}`,
      readFileSync(join(templates, name), "utf8").replaceAll("$default-branch", defaultBranch),
    ]),
  );
}
