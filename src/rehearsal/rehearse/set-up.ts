import { existsSync } from "node:fs";
import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { nativeFolder } from "../../kit/native-folder.ts";
import { holdFolder } from "../../kit/run-lock.ts";
import { pushFiles } from "../administration/commit-files.ts";
import { addOrganization, personActor } from "../administration/people.ts";
import { createRepository, forkRepository, setCollaborator } from "../administration/repositories.ts";
import { refMoved } from "../events/ref-moved.ts";
import { fetchCommit } from "../git/merge.ts";
import { noCommit } from "../git/refs.ts";
import type { GitHub } from "../state/github.ts";
import type { Repository } from "../state/repository.ts";
import type { Clone } from "./clone.ts";
import { type Sorted, sortWorkflows, templateFiles } from "./our-workflows.ts";

/** Who plays in a rehearsal: `author` opens the pull request, `reviewer` may write, `stranger` is anybody. */
export const author = "author";
export const reviewer = "reviewer";
export const stranger = "stranger";

/** Every rehearsal begins anew: empties the folder, unless another one works there (run_in_progress). */
export async function emptyState(folder: string): Promise<void> {
  const release = await holdFolder(folder);
  for (const name of await readdir(folder))
    if (!name.startsWith(".")) await rm(join(folder, name), { recursive: true, force: true });
  await release();
}

/**
 * The tool cache of the jobs, kept in the user's cache: native modules that the user has already are copied there once, others
 * are installed there by the jobs' own set-up. No link, as the process that scores may read nothing beyond it.
 */
export async function toolCacheOf(environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const users = nativeFolder({ ...environment, RUNNER_TOOL_CACHE: undefined });
  const toolCache = join(users, "..", "..", "..", "tool-cache");
  const own = nativeFolder({ ...environment, RUNNER_TOOL_CACHE: toolCache });
  // Half a copy of a killed process is no matter: the set-up compares digests and installs anew.
  if (existsSync(users) && !existsSync(own)) await cp(users, own, { recursive: true });
  return toolCache;
}

export interface Stage {
  repository: Repository;
  /** Of the default branch. */
  sorted: Sorted;
}

/** The repository with its default branch as in the clone, plus the templates where they are given. Nothing runs of that. */
export function setStage(github: GitHub, clone: Clone, templates: string | null): Stage {
  const { owner, name, base } = clone;
  addOrganization(github, owner);
  const repository = createRepository(github, { owner, name, default_branch: base.branch });
  for (const login of [author, reviewer, stranger]) personActor(github, login);
  setCollaborator(repository, reviewer, "write");
  fetchCommit({ path: clone.root }, repository.git, base.sha, `refs/heads/${base.branch}`);
  if (templates !== null)
    pushFiles(github, repository, {
      branch: base.branch,
      files: templateFiles(templates, base.branch),
      message: "the workflow templates of mlops-actions",
      actor: personActor(github, reviewer),
    });
  return { repository, sorted: sortWorkflows(repository, `refs/heads/${base.branch}`) };
}

/** Pushes the clone's HEAD as the author: to a branch of the repository, or of the author's fork of it. */
export function pushHead(github: GitHub, { repository }: Stage, { root, head }: Clone, fork: boolean): Repository {
  if (!fork) setCollaborator(repository, author, "write");
  const home = fork ? forkRepository(github, repository, author) : repository;
  fetchCommit({ path: root }, home.git, head.sha, `refs/heads/${head.branch}`);
  refMoved(github, home, {
    ref: `refs/heads/${head.branch}`,
    before: noCommit,
    after: head.sha,
    actor: personActor(github, author),
  });
  return home;
}
