import * as z from "zod";
import { emit } from "../events/emit.ts";
import { typeOf } from "../git/objects.ts";
import { listRefs } from "../git/refs.ts";
import { invalid, unprocessable } from "../server/api-error.ts";
import { created, type Endpoint, type KnownCall, ok, type RepositoryCall, reads, writes } from "../server/endpoint.ts";
import { readBody, textParam } from "../server/read-call.ts";
import type { CommitStatus } from "../state/records.ts";
import { fullName } from "../state/repository.ts";
import { combinedStatusView, statusView } from "../views/check-view.ts";
import { commitView } from "../views/commit-view.ts";
import { apiUrl } from "../views/repository-view.ts";
import { findCommit } from "./find.ts";

export const statusEndpoints: readonly Endpoint[] = [
  writes("POST", "/repos/{owner}/{repo}/statuses/{sha}", ["statuses"], "write", createStatus),
  reads("/repos/{owner}/{repo}/commits/{ref}/status", ["statuses"], readCombined),
];

const longestDescription = 140;
const mostOfAContext = 1000;
const NewStatus = z.object({
  state: z.enum(["error", "failure", "pending", "success"]),
  target_url: z.string().nullish(),
  description: z.string().nullish(),
  context: z.string().default("default"),
});

function createStatus(call: KnownCall) {
  const { github, repository, actor } = call;
  const sha = textParam(call, "sha");
  if (typeOf(repository.git, sha) !== "commit") throw unprocessable(`No commit found for SHA: ${sha}`);
  const { state, target_url, description, context } = readBody(call, NewStatus);
  if ((description ?? "").length > longestDescription)
    throw invalid({
      resource: "Status",
      field: "description",
      code: "custom",
      message: `description is too long (maximum is ${longestDescription} characters)`,
    });
  const sameContext = repository.statuses.all().filter((status) => status.sha === sha && status.context === context);
  if (sameContext.length >= mostOfAContext)
    throw unprocessable("This SHA and context has reached the maximum number of statuses.");
  const status = repository.statuses.put({
    id: github.newId(),
    sha,
    state,
    context,
    description: description ?? null,
    target_url: target_url ?? null,
    creator: actor.user.login,
    created_at: github.now(),
  });
  emit(github, repository, { name: "status", actor, payload: eventPayload(call, status) });
  return created(statusView(github, repository, status));
}

function eventPayload({ github, repository }: KnownCall, status: CommitStatus) {
  const branches = listRefs(repository.git, "refs/heads/").filter(({ sha }) => sha === status.sha);
  return {
    ...status,
    name: fullName(repository.facts),
    updated_at: status.created_at,
    commit: commitView(github, repository, status.sha),
    branches: branches.map(({ ref, sha }) => ({
      name: ref.replace("refs/heads/", ""),
      commit: { sha, url: `${apiUrl(github, repository)}/commits/${sha}` },
      protected: false,
    })),
  };
}

function readCombined(call: RepositoryCall) {
  return ok(combinedStatusView(call.github, call.repository, findCommit(call, textParam(call, "ref"))));
}
