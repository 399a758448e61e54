import * as z from "zod";
import { emit } from "../events/emit.ts";
import { typeOf } from "../git/objects.ts";
import { forbidden, notFound, unprocessable } from "../server/api-error.ts";
import { created, type Endpoint, type KnownCall, ok, type RepositoryCall, reads, writes } from "../server/endpoint.ts";
import { page, wrappedPage } from "../server/paginate.ts";
import { choice, numberParam, readBody, textParam } from "../server/read-call.ts";
import { type App, actionsApp } from "../state/accounts.ts";
import { type Annotation, type CheckRun, checkConclusions, checkStatuses } from "../state/records.ts";
import { annotationView, checkRunEventView, checkRunView } from "../views/check-view.ts";
import { findCommit } from "./find.ts";

const all = "/repos/{owner}/{repo}/check-runs";
const one = `${all}/{check_run_id}`;
const apps = { appsOnly: true } as const;

export const checkEndpoints: readonly Endpoint[] = [
  writes("POST", all, ["checks"], "write", createCheckRun, apps),
  writes("PATCH", one, ["checks"], "write", updateCheckRun, apps),
  reads(one, ["checks"], (call) => ok(view(call, findCheckRun(call)))),
  reads(`${one}/annotations`, ["checks"], listAnnotations),
  reads("/repos/{owner}/{repo}/commits/{ref}/check-runs", ["checks"], listCheckRuns),
];

const longest = 65_535;
const NewAnnotation = z.object({
  path: z.string(),
  start_line: z.number().int(),
  end_line: z.number().int(),
  start_column: z.number().int().nullish(),
  end_column: z.number().int().nullish(),
  annotation_level: z.enum(["notice", "warning", "failure"]),
  message: z.string().max(64 * 1024),
  title: z.string().max(255).nullish(),
  raw_details: z
    .string()
    .max(64 * 1024)
    .nullish(),
});
const Output = z.object({
  title: z.string().optional(),
  summary: z.string().max(longest),
  text: z.string().max(longest).optional(),
  annotations: z.array(NewAnnotation).max(50).optional(),
});
const Changes = z.object({
  name: z.string().optional(),
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.enum(checkStatuses).optional(),
  conclusion: z.enum(checkConclusions).optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  output: Output.optional(),
  actions: z
    .array(
      z.object({
        label: z.string().max(20),
        description: z.string().max(40),
        identifier: z.string().max(20),
      }),
    )
    .max(3)
    .optional(),
});
type Changes = z.infer<typeof Changes>;
// A new one has to have a title; GitHub keeps the old one when an update leaves it out.
const NewCheckRun = Changes.extend({
  name: z.string(),
  head_sha: z.string(),
  output: Output.extend({ title: z.string() }).optional(),
});

function createCheckRun(call: KnownCall) {
  const { github, repository } = call;
  const wanted = readBody(call, NewCheckRun);
  if (typeOf(repository.git, wanted.head_sha) !== "commit")
    throw unprocessable(`No commit found for SHA: ${wanted.head_sha}`);
  const app = appOf(call);
  const blank: CheckRun = {
    id: github.newId(),
    name: wanted.name,
    head_sha: wanted.head_sha,
    external_id: null,
    details_url: null,
    status: "queued",
    conclusion: null,
    started_at: github.now(),
    completed_at: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
    app,
    check_suite_id: suiteOf(call, app, wanted.head_sha),
  };
  const run = repository.checkRuns.put(changed(call, blank, wanted));
  emitCheckRun(call, "created", run);
  if (run.status === "completed") emitCheckRun(call, "completed", run);
  return created(view(call, run));
}

function updateCheckRun(call: KnownCall) {
  const run = findCheckRun(call);
  if (appOf(call).id !== run.app.id)
    throw forbidden(
      `Invalid app_id \`${appOf(call).id}\` - check run can only be modified by the GitHub App that created it.`,
    );
  const updated = call.repository.checkRuns.put(changed(call, run, readBody(call, Changes)));
  if (updated.status === "completed" && run.status !== "completed") emitCheckRun(call, "completed", updated);
  return ok(view(call, updated));
}

/** Annotations are added to those that are there; everything else that is given replaces what was. */
function changed({ github }: KnownCall, run: CheckRun, changes: Changes): CheckRun {
  const status = changes.conclusion === undefined ? (changes.status ?? run.status) : "completed";
  const conclusion = status === "completed" ? (changes.conclusion ?? run.conclusion) : null;
  if (status === "completed" && conclusion === null)
    throw unprocessable('Invalid request.\n\n"conclusion" wasn\'t supplied.');
  return {
    ...run,
    name: changes.name ?? run.name,
    details_url: changes.details_url ?? run.details_url,
    external_id: changes.external_id ?? run.external_id,
    status,
    conclusion,
    started_at: changes.started_at ?? run.started_at,
    completed_at: status === "completed" ? (changes.completed_at ?? run.completed_at ?? github.now()) : null,
    title: changes.output?.title ?? run.title,
    summary: changes.output?.summary ?? run.summary,
    text: changes.output?.text ?? run.text,
    annotations: [...run.annotations, ...(changes.output?.annotations ?? []).map(annotation)],
    actions: changes.actions ?? run.actions,
  };
}

function annotation(given: z.infer<typeof NewAnnotation>): Annotation {
  return {
    ...given,
    start_column: given.start_column ?? null,
    end_column: given.end_column ?? null,
    title: given.title ?? null,
    raw_details: given.raw_details ?? null,
  };
}

function listAnnotations(call: RepositoryCall) {
  const run = findCheckRun(call);
  return page(call, run.annotations, (one) => annotationView(call.github, call.repository, run, one));
}

/** With the usual filter `latest`, the newest run of each name and App. */
function listCheckRuns(call: RepositoryCall) {
  const { repository, query } = call;
  const sha = findCommit(call, textParam(call, "ref"));
  const filter = choice(call, "filter", ["latest", "all"]);
  const name = query.get("check_name");
  const status = query.get("status");
  const appId = query.get("app_id");
  const runs = repository.checkRuns
    .all()
    .filter((run) => run.head_sha === sha && (name === null || run.name === name))
    .filter((run) => (status === null || run.status === status) && (appId === null || String(run.app.id) === appId))
    .reverse();
  const isLatest = (run: CheckRun) =>
    runs.find((other) => other.name === run.name && other.app.id === run.app.id) === run;
  return wrappedPage(call, "check_runs", filter === "all" ? runs : runs.filter(isLatest), (run) => view(call, run));
}

function findCheckRun(call: RepositoryCall): CheckRun {
  const run = call.repository.checkRuns.get(numberParam(call, "check_run_id"));
  if (run === undefined) throw notFound();
  return run;
}

function appOf({ actor }: KnownCall): App {
  return actor.kind === "installation" ? actor.app : actionsApp;
}

/** All check runs of one App on one commit stand in one suite. */
function suiteOf({ github, repository }: KnownCall, app: App, sha: string): number {
  const sibling = repository.checkRuns.all().find((run) => run.app.id === app.id && run.head_sha === sha);
  return sibling?.check_suite_id ?? github.newId();
}

function emitCheckRun(call: KnownCall, action: string, run: CheckRun): void {
  const { github, repository, actor } = call;
  emit(github, repository, {
    name: "check_run",
    action,
    actor,
    payload: { check_run: checkRunEventView(github, repository, run) },
  });
}

function view({ github, repository }: RepositoryCall, run: CheckRun) {
  return checkRunView(github, repository, run);
}
