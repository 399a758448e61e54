import { commitsBetween } from "../git/compare.ts";
import { isAncestor } from "../git/merge.ts";
import { typeOf } from "../git/objects.ts";
import { noCommit } from "../git/refs.ts";
import type { KnownActor } from "../state/accounts.ts";
import type { GitHub } from "../state/github.ts";
import type { Activity } from "../state/records.ts";
import { type Repository, saveFacts } from "../state/repository.ts";
import { pushedCommitView } from "../views/commit-view.ts";
import { webUrl } from "../views/repository-view.ts";
import { emit } from "./emit.ts";
import { movePulls } from "./pull-moves.ts";

export interface RefMove {
  /** In full: `refs/heads/main`. */
  ref: string;
  /** `noCommit` where the ref was made, and where it was deleted. */
  before: string;
  after: string;
  actor: KnownActor;
  /** A merge button's move of the base branch. */
  byMerge?: boolean;
}

const largestPush = 3;

/** All that follows from a ref that has moved: who did it, the events, and the pull requests that it carries along. */
export function refMoved(github: GitHub, repository: Repository, move: RefMove): void {
  saveFacts(repository, { pushed_at: github.now() });
  const branch = /^refs\/heads\/(.+)$/.exec(move.ref)?.[1];
  if (branch !== undefined) recordActivity(github, repository, move);
  if (move.before === noCommit || move.after === noCommit) emitRefLife(github, repository, move);
  emitPush(github, repository, move);
  if (branch === undefined) return;
  const after = move.after === noCommit ? null : move.after;
  movePulls(github, { repository, branch, before: move.before, after, actor: move.actor });
}

/** One push of several refs: more than three tags at once make no events at all. */
export function refsMoved(github: GitHub, repository: Repository, moves: readonly RefMove[]): void {
  const tags = moves.filter(({ ref }) => ref.startsWith("refs/tags/"));
  const silent = tags.length > largestPush ? tags : [];
  for (const move of moves) if (!silent.includes(move)) refMoved(github, repository, move);
}

function recordActivity(github: GitHub, repository: Repository, move: RefMove): void {
  const { ref, before, after, actor } = move;
  repository.activities.put({
    id: github.newId(),
    before,
    after,
    ref,
    timestamp: github.now(),
    activity_type: activityType(repository, move),
    actor: actor.user.login,
  });
}

function activityType(repository: Repository, { before, after, byMerge }: RefMove): Activity["activity_type"] {
  if (before === noCommit) return "branch_creation";
  if (after === noCommit) return "branch_deletion";
  if (byMerge === true) return "pr_merge";
  return isAncestor(repository.git, before, after) ? "push" : "force_push";
}

function emitRefLife(github: GitHub, repository: Repository, { ref, before, actor }: RefMove): void {
  const [, kind, name = ""] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  if (kind === undefined) return;
  emit(github, repository, {
    name: before === noCommit ? "create" : "delete",
    actor,
    payload: {
      ref: name,
      ref_type: kind === "heads" ? "branch" : "tag",
      pusher_type: "user",
      ...(before === noCommit ? { master_branch: repository.facts.default_branch, description: null } : {}),
    },
  });
}

function emitPush(github: GitHub, repository: Repository, { ref, before, after, actor }: RefMove): void {
  if (!/^refs\/(heads|tags)\//.test(ref)) return;
  const isCommit = after !== noCommit && typeOf(repository.git, after) === "commit";
  const shas = isCommit && before !== noCommit ? commitsBetween(repository.git, before, after).slice(-20) : [];
  const commit = (sha: string) => pushedCommitView(github, repository, sha);
  emit(github, repository, {
    name: "push",
    actor,
    payload: {
      ref,
      before,
      after,
      base_ref: null,
      created: before === noCommit,
      deleted: after === noCommit,
      forced: isCommit && before !== noCommit && !isAncestor(repository.git, before, after),
      compare: `${webUrl(github, repository)}/compare/${before}...${after}`,
      commits: shas.map(commit),
      head_commit: isCommit ? commit(after) : null,
      pusher: { name: actor.user.login, email: `${actor.user.login}@users.noreply.github.com` },
    },
  });
}
