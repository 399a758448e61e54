import * as z from "zod";
import { createRepository, forkRepository } from "../administration/repositories.ts";
import { resolveCommit } from "../git/resolve.ts";
import { ApiError, forbidden, invalid, notFound } from "../server/api-error.ts";
import {
  anywhere,
  type Call,
  created,
  type Endpoint,
  type KnownCall,
  ok,
  type RepositoryCall,
  reads,
  writes,
} from "../server/endpoint.ts";
import { cursorPage, page } from "../server/paginate.ts";
import { choice, readBody, textParam } from "../server/read-call.ts";
import { findRepository } from "../state/github.ts";
import { activityTypes } from "../state/records.ts";
import { detailedCommitView } from "../views/commit-view.ts";
import { apiUrl, fullRepositoryView, webUrl } from "../views/repository-view.ts";
import { loginView } from "../views/user-view.ts";

const one = "/repos/{owner}/{repo}";

export const repositoryEndpoints: readonly Endpoint[] = [
  reads(one, ["metadata"], (call) => ok(fullRepositoryView(call.github, call.repository))),
  reads(`${one}/branches/{branch}`, ["contents"], readBranch),
  reads(`${one}/activity`, ["contents"], listActivity),
  reads(`${one}/rules/branches/{branch}`, ["metadata"], listRules),
  anywhere("POST", "/user/repos", createOwnRepository),
  writes("POST", `${one}/forks`, ["contents"], "read", fork),
];

const NewRepository = z.object({ name: z.string().regex(/^[\w.-]{1,100}$/), private: z.boolean().default(false) });

function readBranch(call: RepositoryCall) {
  const { github, repository } = call;
  const name = textParam(call, "branch");
  const sha = resolveCommit(repository.git, `refs/heads/${name}`);
  if (sha === null) throw new ApiError(404, "Branch not found");
  const url = `${apiUrl(github, repository)}/branches/${encodeURIComponent(name)}`;
  const isProtected = (repository.facts.branch_rules[name] ?? []).length > 0;
  return ok({
    name,
    commit: detailedCommitView(github, repository, sha),
    _links: { self: url, html: `${webUrl(github, repository)}/tree/${name}` },
    protected: isProtected,
    protection: { enabled: false },
    protection_url: `${url}/protection`,
  });
}

/** Who moved which branch, newest first: pushes of people and of tokens, by their accounts. */
function listActivity(call: RepositoryCall) {
  const { github, repository, query } = call;
  const direction = choice(call, "direction", ["desc", "asc"]);
  const type = query.get("activity_type");
  if (type !== null && !activityTypes.some((known) => known === type))
    throw invalid({ resource: "Activity", field: "activity_type", code: "invalid" });
  const ref = query.get("ref");
  const actor = query.get("actor")?.toLowerCase();
  const activities = repository.activities
    .all()
    .filter((activity) => ref === null || activity.ref === ref || activity.ref === `refs/heads/${ref}`)
    .filter((activity) => actor === undefined || activity.actor.toLowerCase() === actor)
    .filter((activity) => type === null || activity.activity_type === type);
  const ordered = direction === "asc" ? activities : activities.reverse();
  return cursorPage(call, ordered, (activity) => ({
    ...activity,
    node_id: `PSH_${activity.id}`,
    actor: loginView(github, activity.actor),
  }));
}

function listRules(call: RepositoryCall) {
  return page(call, call.repository.facts.branch_rules[textParam(call, "branch")] ?? [], (rule) => rule);
}

function createOwnRepository(call: Call) {
  const { github, actor } = call;
  if (actor.kind === "anonymous") throw new ApiError(401, "Requires authentication");
  if (actor.kind === "installation") throw forbidden("Resource not accessible by integration");
  const { name, private: isPrivate } = readBody(call, NewRepository);
  const owner = actor.user.login;
  if (findRepository(github, `${owner}/${name}`) !== undefined)
    throw invalid({
      resource: "Repository",
      field: "name",
      code: "custom",
      message: "name already exists on this account",
    });
  return created(fullRepositoryView(github, createRepository(github, { owner, name, private: isPrivate })));
}

/** Under the caller's own name; asked for again, it is the same fork. */
function fork({ github, repository, actor }: KnownCall) {
  if (actor.kind === "installation") throw forbidden("Resource not accessible by integration");
  if (repository.facts.owner === actor.user.login) throw notFound();
  return { status: 202, body: fullRepositoryView(github, forkRepository(github, repository, actor.user.login)) };
}
