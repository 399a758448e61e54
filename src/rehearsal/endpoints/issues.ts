import * as z from "zod";
import { emit } from "../events/emit.ts";
import { textChanges } from "../events/text-changes.ts";
import { forbidden, invalid } from "../server/api-error.ts";
import { canPush } from "../server/authorise.ts";
import { created, type Endpoint, type KnownCall, ok, type RepositoryCall, reads, writes } from "../server/endpoint.ts";
import { page } from "../server/paginate.ts";
import { choice, readBody } from "../server/read-call.ts";
import type { PermissionName } from "../state/accounts.ts";
import type { Issue } from "../state/records.ts";
import { nextNumber } from "../state/repository.ts";
import { issueView, labelsView } from "../views/issue-view.ts";
import type { Json } from "../views/user-view.ts";
import { findIssue } from "./find.ts";

const either: readonly PermissionName[] = ["issues", "pull_requests"];
const all = "/repos/{owner}/{repo}/issues";
const one = "/repos/{owner}/{repo}/issues/{issue_number}";

export const issueEndpoints: readonly Endpoint[] = [
  reads(all, ["issues"], listIssues),
  writes("POST", all, ["issues"], "read", createIssue),
  reads(one, either, (call) => ok(view(call, findIssue(call)))),
  writes("PATCH", one, either, "read", updateIssue),
  writes("POST", `${one}/labels`, either, "triage", addLabels),
];

const LabelName = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const NewIssue = z.object({
  title: z.union([z.string(), z.number()]).transform(String),
  body: z.string().nullish(),
  labels: z.array(LabelName).optional(),
  assignees: z.array(z.string()).optional(),
});
const Changes = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  state_reason: z.enum(["completed", "not_planned", "duplicate", "reopened"]).nullish(),
  labels: z.array(LabelName).optional(),
  assignees: z.array(z.string()).optional(),
});
const Labels = z.object({ labels: z.array(LabelName) });

/** Newest first unless told otherwise; pull requests are issues too. */
function listIssues(call: RepositoryCall) {
  const state = choice(call, "state", ["open", "closed", "all"]);
  const direction = choice(call, "direction", ["desc", "asc"]);
  const creator = call.query.get("creator")?.toLowerCase();
  const labels = (call.query.get("labels") ?? "").split(",").filter((name) => name !== "");
  const since = call.query.get("since");
  const issues = call.repository.issues
    .all()
    .filter((issue) => state === "all" || issue.state === state)
    .filter((issue) => creator === undefined || issue.user.toLowerCase() === creator)
    .filter((issue) => labels.every((name) => hasLabel(issue, name)))
    .filter((issue) => since === null || issue.updated_at >= since)
    .sort((a, b) => (direction === "asc" ? a.number - b.number : b.number - a.number));
  return page(call, issues, (issue) => view(call, issue));
}

function createIssue(call: KnownCall) {
  const { github, repository, actor } = call;
  const { title, body, labels = [], assignees = [] } = readBody(call, NewIssue);
  if (title.trim() === "") throw invalid({ resource: "Issue", code: "missing_field", field: "title" });
  const now = github.now();
  const issue = repository.issues.put({
    id: github.newId(),
    number: nextNumber(repository),
    title,
    body: body ?? null,
    user: actor.user.login,
    state: "open",
    state_reason: null,
    // Of those who cannot push, labels and assignees are dropped without a word.
    labels: maySort(call) ? knownLabels(call, labels) : [],
    assignees: maySort(call) ? assignees.filter((login) => github.users.get(login) !== undefined) : [],
    created_at: now,
    updated_at: now,
    closed_at: null,
    closed_by: null,
    is_pull: false,
  });
  emitIssue(call, "opened", issue);
  return created(view(call, issue));
}

function updateIssue(call: KnownCall) {
  const { github, repository, actor } = call;
  const issue = findIssue(call);
  if (actor.kind === "person" && actor.user.login !== issue.user && !canPush(github, actor, repository))
    throw forbidden("Must have admin rights to Repository.");
  const changes = readBody(call, Changes);
  const state = changes.state ?? issue.state;
  const now = github.now();
  const changed: Issue = {
    ...issue,
    title: changes.title ?? issue.title,
    body: changes.body === undefined ? issue.body : changes.body,
    state,
    state_reason: reasonOf(issue, state, changes.state_reason),
    labels: changes.labels === undefined ? issue.labels : knownLabels(call, changes.labels),
    assignees: changes.assignees ?? issue.assignees,
    updated_at: now,
    ...(state === issue.state ? {} : { closed_at: state === "closed" ? now : null }),
    ...(state === issue.state ? {} : { closed_by: state === "closed" ? actor.user.login : null }),
  };
  repository.issues.put(changed);
  if (state === issue.state) emitIssue(call, "edited", changed, textChanges(issue, changed));
  else emitIssue(call, state === "closed" ? "closed" : "reopened", changed);
  return ok(view(call, changed));
}

function addLabels(call: KnownCall) {
  const issue = findIssue(call);
  const { labels } = readBody(call, Labels);
  const added = knownLabels(call, labels).filter((name) => !hasLabel(issue, name));
  const changed = call.repository.issues.put({
    ...issue,
    labels: [...issue.labels, ...added],
    updated_at: call.github.now(),
  });
  if (added.length > 0) emitIssue(call, "labeled", changed);
  return ok(labelsView(call.github, call.repository, changed));
}

function reasonOf(issue: Issue, state: Issue["state"], reason: Issue["state_reason"] | undefined) {
  if (state === "closed") return reason ?? (issue.state === "closed" ? issue.state_reason : "completed");
  return issue.state === "closed" ? "reopened" : issue.state_reason;
}

/** A label that is not there yet is made. */
function knownLabels({ github, repository }: KnownCall, names: readonly string[]): string[] {
  return names.map((name) => {
    const label = repository.labels.get(name);
    return (label ?? repository.labels.put({ id: github.newId(), name, color: "ededed", description: null })).name;
  });
}

function maySort({ github, repository, actor }: KnownCall): boolean {
  return actor.kind === "installation" || canPush(github, actor, repository);
}

function hasLabel(issue: Issue, name: string): boolean {
  return issue.labels.some((label) => label.toLowerCase() === name.toLowerCase());
}

function emitIssue(call: KnownCall, action: string, issue: Issue, more: Json = {}): void {
  const { github, repository, actor } = call;
  // What happens to a pull request's conversation is told by the events of pull requests.
  if (!issue.is_pull)
    emit(github, repository, { name: "issues", action, actor, payload: { issue: view(call, issue), ...more } });
}

function view({ github, repository }: RepositoryCall, issue: Issue) {
  return issueView(github, repository, issue);
}
