import { fetchCommit, isAncestor, mergeTree } from "../git/merge.ts";
import { readCommit, writeCommit } from "../git/objects.ts";
import { setRef } from "../git/refs.ts";
import { resolveCommit } from "../git/resolve.ts";
import type { KnownActor } from "../state/accounts.ts";
import { findRepository, type GitHub } from "../state/github.ts";
import type { Pull } from "../state/records.ts";
import { fullName, type Repository } from "../state/repository.ts";
import { issueOf, pullView } from "../views/pull-view.ts";
import type { Json } from "../views/user-view.ts";
import { emit } from "./emit.ts";

export interface BranchMove {
  repository: Repository;
  branch: string;
  before: string;
  /** Null: the branch is gone. */
  after: string | null;
  actor: KnownActor;
}

/** Open pull requests follow their head branch, wherever it lies, and their test merge follows the base. */
export function movePulls(github: GitHub, move: BranchMove): void {
  for (const repository of github.repositories.values())
    for (const pull of openPulls(repository)) {
      if (isHead(pull, move)) moveHead(github, repository, pull, move);
      if (repository === move.repository && pull.base.ref === move.branch && move.after !== null)
        moveBase(github, repository, pull, move.after, move.actor);
    }
}

/** Keeps `refs/pull/N/head` and `refs/pull/N/merge` and gives the pull request with its test merge. */
export function refreshPull(github: GitHub, repository: Repository, pull: Pull): Pull {
  const from = pull.head.repository === null ? undefined : findRepository(github, pull.head.repository);
  const head = `refs/pull/${pull.number}/head`;
  if (from !== undefined && from !== repository) fetchCommit(from.git, repository.git, pull.head.sha, head);
  else setRef(repository.git, head, pull.head.sha);
  return repository.pulls.put({ ...pull, merge_commit_sha: testMerge(repository, pull) });
}

export function emitPull(
  github: GitHub,
  repository: Repository,
  pull: Pull,
  happening: { action: string; actor: KnownActor; more?: Json },
): void {
  const { action, actor, more = {} } = happening;
  const payload = { number: pull.number, pull_request: pullView(github, repository, pull), ...more };
  emit(github, repository, { name: "pull_request", action, actor, payload });
}

export function closePull(github: GitHub, repository: Repository, pull: Pull, actor: KnownActor): void {
  const now = github.now();
  repository.issues.put({
    ...issueOf(repository, pull),
    state: "closed",
    closed_at: now,
    updated_at: now,
    closed_by: actor.user.login,
  });
  emitPull(github, repository, pull, { action: "closed", actor });
}

export function markMerged(github: GitHub, repository: Repository, pull: Pull, sha: string, actor: KnownActor): void {
  const merged = { ...pull, merged_at: github.now(), merged_by: actor.user.login, merge_commit_sha: sha };
  closePull(github, repository, repository.pulls.put(merged), actor);
}

function moveHead(github: GitHub, repository: Repository, pull: Pull, { before, after, actor }: BranchMove): void {
  if (after === null) {
    closePull(github, repository, pull, actor);
    return;
  }
  const baseSha = resolveCommit(repository.git, `refs/heads/${pull.base.ref}`) ?? pull.base.sha;
  const moved = { ...pull, head: { ...pull.head, sha: after }, base: { ...pull.base, sha: baseSha } };
  const fresh = refreshPull(github, repository, moved);
  repository.issues.put({ ...issueOf(repository, pull), updated_at: github.now() });
  emitPull(github, repository, fresh, { action: "synchronize", actor, more: { before, after } });
}

function moveBase(github: GitHub, repository: Repository, pull: Pull, after: string, actor: KnownActor): void {
  // Read again: the same push may have moved its head.
  const now = repository.pulls.get(pull.number) ?? pull;
  if (isAncestor(repository.git, now.head.sha, after)) markMerged(github, repository, now, now.head.sha, actor);
  else refreshPull(github, repository, now);
}

/** A merge of head into base that nobody asked for: what workflows on `pull_request` check out. Null in a conflict. */
function testMerge(repository: Repository, pull: Pull): string | null {
  const base = resolveCommit(repository.git, `refs/heads/${pull.base.ref}`) ?? pull.base.sha;
  const tree = mergeTree(repository.git, base, pull.head.sha);
  if (tree === null) return null;
  const person = {
    name: "GitHub",
    email: "noreply@github.com",
    date: readCommit(repository.git, pull.head.sha).committer.date,
  };
  const message = `Merge ${pull.head.sha} into ${base}`;
  const sha = writeCommit(repository.git, {
    tree,
    parents: [base, pull.head.sha],
    author: person,
    committer: person,
    message,
  });
  setRef(repository.git, `refs/pull/${pull.number}/merge`, sha);
  return sha;
}

function openPulls(repository: Repository): Pull[] {
  return repository.pulls.all().filter((pull) => issueOf(repository, pull).state === "open");
}

function isHead(pull: Pull, { repository, branch }: BranchMove): boolean {
  return pull.head.repository === fullName(repository.facts) && pull.head.ref === branch;
}
