import * as z from "zod";
import { emitPull, refreshPull } from "../events/pull-moves.ts";
import { commitsBetween } from "../git/compare.ts";
import { bringCommit } from "../git/merge.ts";
import { resolveCommit } from "../git/resolve.ts";
import { type FieldError, forbidden, invalid } from "../server/api-error.ts";
import { canPush } from "../server/authorise.ts";
import { created, type KnownCall } from "../server/endpoint.ts";
import { readBody } from "../server/read-call.ts";
import { actionsApp } from "../state/accounts.ts";
import { findRepository } from "../state/github.ts";
import type { Pull } from "../state/records.ts";
import { fullName, nextNumber, type Repository } from "../state/repository.ts";
import { issueOf, pullView } from "../views/pull-view.ts";

const NewPull = z.object({
  title: z.string().optional(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().default(false),
  maintainer_can_modify: z.boolean().default(true),
});
type NewPull = z.infer<typeof NewPull>;

/** Opens a pull request from a branch of this repository or of a fork. */
export function createPull(call: KnownCall) {
  refuseActionsUnlessAllowed(call);
  const { github, repository, actor } = call;
  const wanted = readBody(call, NewPull);
  const head = findHead(call, wanted.head);
  const base = resolveCommit(repository.git, `refs/heads/${wanted.base}`);
  if (base === null) throw invalid(pullMistake("base", "invalid"));
  if (wanted.title === undefined || wanted.title.trim() === "") throw invalid(pullMistake("title", "missing_field"));
  refuseSecond(repository, head, wanted.base);
  refuseNothing(call, wanted, { head, base });
  const now = github.now();
  const number = nextNumber(repository);
  const pull: Pull = {
    id: github.newId(),
    number,
    draft: wanted.draft,
    maintainer_can_modify: wanted.maintainer_can_modify,
    head,
    base: { ref: wanted.base, sha: base },
    merged_at: null,
    merged_by: null,
    merge_commit_sha: null,
  };
  const fresh = refreshPull(github, repository, pull);
  // Last: only with its issue is a pull request there.
  repository.issues.put({
    id: github.newId(),
    number,
    title: wanted.title,
    body: wanted.body ?? null,
    user: actor.user.login,
    state: "open",
    state_reason: null,
    labels: [],
    assignees: [],
    created_at: now,
    updated_at: now,
    closed_at: null,
    closed_by: null,
    is_pull: true,
  });
  emitPull(github, repository, fresh, { action: "opened", actor });
  return created(pullView(github, repository, fresh));
}

export function refuseActionsUnlessAllowed({ actor, repository }: KnownCall): void {
  const isActions = actor.kind === "installation" && actor.app.id === actionsApp.id;
  if (isActions && !repository.facts.actions_may_open_pulls)
    throw forbidden("GitHub Actions is not permitted to create or approve pull requests.");
}

/** `branch`, or `owner:branch` of a fork that the caller can see. */
function findHead(call: KnownCall, label: string): Pull["head"] {
  const { github, repository } = call;
  const colon = label.indexOf(":");
  const owner = colon === -1 ? repository.facts.owner : label.slice(0, colon);
  const ref = label.slice(colon + 1);
  const found = owner === repository.facts.owner ? repository : forkOf(call, owner);
  const sha = found === undefined ? null : resolveCommit(found.git, `refs/heads/${ref}`);
  if (found === undefined || sha === null) throw invalid(pullMistake("head", "invalid"));
  // From another repository only whoever can push there.
  if (found !== repository && !canPush(github, call.actor, found)) throw invalid(pullMistake("head", "invalid"));
  return { repository: fullName(found.facts), owner: github.users.get(owner)?.login ?? owner, ref, sha };
}

function forkOf({ github, repository }: KnownCall, owner: string): Repository | undefined {
  const root = repository.facts.fork_of ?? fullName(repository.facts);
  const named = findRepository(github, `${owner}/${repository.facts.name}`);
  const related = [...github.repositories.values()].filter(
    ({ facts }) => facts.fork_of === root || fullName(facts) === root,
  );
  if (named !== undefined && related.includes(named)) return named;
  return related.find(({ facts }) => facts.owner.toLowerCase() === owner.toLowerCase());
}

function refuseSecond(repository: Repository, head: Pull["head"], base: string): void {
  const open = repository.pulls
    .all()
    .filter((pull) => issueOf(repository, pull).state === "open")
    .some((pull) => pull.head.repository === head.repository && pull.head.ref === head.ref && pull.base.ref === base);
  if (open)
    throw invalid({
      ...pullMistake("head", "custom"),
      message: `A pull request already exists for ${head.owner}:${head.ref}.`,
    });
}

/** A branch without anything new makes no pull request. */
function refuseNothing(
  { github, repository }: KnownCall,
  wanted: NewPull,
  { head, base }: { head: Pull["head"]; base: string },
): void {
  const from = head.repository === null ? undefined : findRepository(github, head.repository);
  if (from !== undefined && from !== repository) bringCommit(from.git, repository.git, head.sha);
  if (commitsBetween(repository.git, base, head.sha).length === 0)
    throw invalid({
      ...pullMistake("base", "custom"),
      message: `No commits between ${wanted.base} and ${wanted.head}`,
    });
}

export function pullMistake(field: string, code: FieldError["code"]): FieldError {
  return { resource: "PullRequest", field, code };
}
