import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../kit/user-error.ts";
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
  return textAt(repository, sha, path).includes("mlops-actions/mlops-actions");
}

function textAt(repository: Repository, sha: string, path: string): string {
  const entry = readTree(repository.git, sha, true).find((one) => one.path === path);
  return entry === undefined ? "" : readBlob(repository.git, entry.sha).toString("utf8");
}

/** What a starter workflow leaves to GitHub's own page for new workflows; in a file that was copied it is a branch's name, of none. */
const placeholder = "$default-branch";

/** Why GitHub would never start one of our workflows, without a word: a branch or a workflow that it waits for does not exist. */
export function neverStarted(
  repository: Repository,
  sha: string,
  { ours }: Sorted,
  defaultBranch: string,
): UserError[] {
  const found = workflowsAt(repository, sha);
  const read = found.flatMap(({ workflow }) => (workflow instanceof WorkflowMistake ? [] : [workflow]));
  const names = read.map(({ name, path }) => name ?? path);
  // A file that GitHub would not take may be the one that has the name; it is told of when it should run.
  const isKnown = (name: string) => names.includes(name) || read.length < found.length;
  return read
    .filter(({ path }) => ours.includes(path))
    .flatMap(({ path, on }) => {
      const never = (quoted: string, message: string, fix: string): UserError => {
        const line = lineOf(textAt(repository, sha, path), quoted);
        return new UserError({ code: "workflow_never_starts", message, where: `${path}:${line}`, fix });
      };
      const filters = Object.values(on).flatMap(({ branches = [] }) => branches);
      const unknown = (on.workflow_run?.workflows ?? []).filter((name) => !isKnown(name));
      return [
        ...filters
          .filter((branch) => branch === placeholder)
          .map(() =>
            never(placeholder, `no branch is called ${placeholder}`, `write ${defaultBranch} there, and commit it`),
          ),
        ...unknown.map((name) =>
          never(
            name,
            `it waits for the workflow ${JSON.stringify(name)}, and no workflow of ${defaultBranch} has that name`,
            `make the name: of that workflow and this line the same; there are ${names.map((one) => JSON.stringify(one)).join(", ")}`,
          ),
        ),
      ];
    });
}

/** From 1: where something is waited for, which neither a comment nor the workflow's own name is. */
function lineOf(text: string, quoted: string): number {
  return text.split("\n").findIndex((line) => !/^name:|^\s*#/.test(line) && line.includes(quoted)) + 1;
}

/** This project's templates under the paths that they are copied to. */
export function templateFiles(templates: string, defaultBranch: string): Record<string, string> {
  const names = readdirSync(templates).filter((name) => name.endsWith(".yml"));
  return Object.fromEntries(
    names.map((name) => [
      `${folder}/${name}`,
      readFileSync(join(templates, name), "utf8").replaceAll(placeholder, defaultBranch),
    ]),
  );
}
