import * as z from "zod";
import { UserError } from "../kit/user-error.ts";
import type { Api } from "./api.ts";
import { orNull } from "./missing.ts";
import { compareCommits } from "./repository.ts";

const Activity = z.object({
  before: z.string(),
  after: z.string(),
  activity_type: z.string(),
  actor: z.object({ id: z.int(), login: z.string(), type: z.string() }).nullable(),
});

/** An account that moved a branch. */
export interface Pusher {
  id: number;
  login: string;
  isPerson: boolean;
}

export interface Branch {
  /** As owner/name: the fork, for a pull request from one. */
  repository: string;
  branch: string;
  /** Where it is now. */
  sha: string;
  /** Commit of the base repository: what it holds was reviewed before. */
  baseSha: string;
}

/**
 * All accounts that ever moved a branch, by the repository's activity: git's own names of authors and committers are
 * anybody's to choose. Null when that is not known: the activity may not be read, does not end at `sha`, does not reach back to
 * where the branch began or to a commit of the base, or names nobody for one of the moves.
 */
export async function listPushers(api: Api, { repository, branch, sha, baseSha }: Branch): Promise<Pusher[] | null> {
  const [owner, repo] = repository.split("/");
  const ref = `refs/heads/${branch}`;
  const answers = await seen(api.list("GET /repos/{owner}/{repo}/activity", { owner, repo, ref }));
  if (answers === null) return null;
  const moves = answers.map((answer) => Activity.parse(answer));
  const oldest = moves.at(-1);
  if (oldest === undefined || moves[0]?.after !== sha) return null;
  const isWhole = moves.some(({ activity_type }) => activity_type === "branch_creation");
  // The default branch of a fork was there when the fork was made.
  if (!isWhole && !(await isInBase(api, oldest.before, baseSha))) return null;
  const actors = moves.flatMap(({ actor }) => actor ?? []);
  if (actors.length < moves.length) return null;
  const pushers = actors.map(({ id, login, type }) => ({ id, login, isPerson: type === "User" }));
  return [...new Map(pushers.map((pusher) => [pusher.id, pusher])).values()];
}

async function isInBase(api: Api, sha: string, baseSha: string): Promise<boolean> {
  const compared = await seen(compareCommits(api, baseSha, sha));
  return compared?.status === "behind" || compared?.status === "identical";
}

/** A fork that is gone or private, or a token that may not look, is not known rather than a mistake. */
async function seen<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await orNull(asked);
  } catch (error) {
    if (error instanceof UserError && error.code === "github_permission_missing") return null;
    throw error;
  }
}
