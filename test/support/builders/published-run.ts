import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Inputs } from "../../../src/actions/report/io.ts";
import type { EvaluationFile } from "../../../src/evaluation/evaluation-file.ts";
import type { Api } from "../../../src/github/api.ts";
import { listChecks } from "../../../src/github/checks.ts";
import { type Comment, listComments } from "../../../src/github/comments.ts";
import type { Permissions } from "../../../src/github/permissions.ts";
import { createContext } from "../../../src/kit/context.ts";
import { silentLog } from "../../../src/kit/log.ts";
import type { PlanFile } from "../../../src/plan/plan-file.ts";
import { saveArtifact, startRun } from "../../../src/rehearsal/administration/runs.ts";
import { readBlob } from "../../../src/rehearsal/git/objects.ts";
import { resolveCommit } from "../../../src/rehearsal/git/resolve.ts";
import { entryAt } from "../../../src/rehearsal/git/tree-objects.ts";
import type { EmbeddedGitHub, Serving } from "../../../src/rehearsal/serve-github.ts";
import { findRepository } from "../../../src/rehearsal/state/github.ts";
import type { Run } from "../../../src/rehearsal/state/release-records.ts";
import type { Repository } from "../../../src/rehearsal/state/repository.ts";
import type { Keeping } from "../../../src/wiring/kept-decisions.ts";
import { publishRun } from "../../../src/wiring/publish-run.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../embedded-github.ts";
import { jobApi } from "../github-api.ts";
import { writeScoredRun } from "../run-evidence.ts";
import { scratchFolder } from "../scratch.ts";
import { anEvaluation } from "./evaluation.ts";
import { aPull, at } from "./rehearsal.ts";
import { aRepository } from "./repository.ts";

/** All that publishing needs, pictures included. */
export const publishing = {
  actions: "read",
  checks: "write",
  contents: "write",
  "pull-requests": "write",
} as const satisfies Permissions;

const modelYml = (name: string, gates: readonly string[]) => `name: ${name}
task: binary-classification
problem:
  statement: Predict whether a person earns more than 50K a year
data: { source: data.csv, label: income, positive: ">50K" }
train: { builtin: linear }
evaluate:
  metrics: [roc_auc, recall]
  gates:
${gates.map((gate) => `    - ${gate}`).join("\n")}
`;

export interface RunFacts {
  evaluation?: EvaluationFile;
  name?: string;
  /** Who computed the numbers; the default branch if left out. */
  trust?: "claimed" | "rescored";
  /** Run whose evidence it is; a new one if left out. */
  runId?: number;
  attempt?: number;
  headSha?: string;
  /** Commit that was scored; the head if left out. */
  scoredSha?: string;
  /** Event of the run whose evidence it is; a pull request's if left out. */
  event?: string;
  api?: Api;
  charts?: boolean;
  /** What the job before planned, besides this run's model; null: it left nothing. */
  plan?: Partial<PlanFile> | null;
  /** The run folder came with the default branch's commit. */
  isCommitted?: boolean;
}

/** Of which there is nothing to draw, neither in the comment nor in the report beside it: that takes longer than all requests. */
export const undrawn = { roc_curve: null, calibration: null, slices: [] };
export const plain: RunFacts = { charts: false, evaluation: anEvaluation(undrawn) };

/** A pull request on an embedded GitHub, and runs that publish to it. */
export async function publishingStory(serving: Partial<Serving> = {}, permissions: Permissions = publishing) {
  const server = await anEmbeddedGitHub(serving);
  const { number, head } = await aPull(server);
  const reader = jobApi(server, { "pull-requests": "read", checks: "read", contents: "read" });
  const repository = findRepository(server.github, "acme/income");
  if (repository === undefined) throw new Error("no repository");
  const nextRun = (sha = head): number => {
    const wanted = { path: ".github/workflows/ml-pull-request.yml", event: "pull_request", head_sha: sha };
    return startRun(server.github, repository, { ...wanted, head_branch: "change", actor: "hubot" }).id;
  };
  /** The run of the default branch that tells of another; the same one again is a rerun of it. */
  const reportRuns = new Map<string, Run>();
  const reportRun = (about: string): Run => {
    const head_sha = resolveCommit(repository.git, "main") ?? "";
    const wanted = { path: ".github/workflows/ml-report.yml", event: "workflow_run", head_sha, actor: "hubot" };
    const run = reportRuns.get(about) ?? startRun(server.github, repository, wanted);
    reportRuns.set(about, run);
    return run;
  };
  const publish = async (facts: RunFacts = {}) => {
    const headSha = facts.headSha ?? head;
    const folder = await aRunFolder({ ...facts, headSha });
    const rules = fileOnMain(repository, "mlops.yml");
    if (rules !== null) await writeFile(join(folder, "mlops.yml"), rules);
    const evidence = { id: facts.runId ?? nextRun(headSha), attempt: facts.attempt ?? 1 };
    const run = reportRun(`${evidence.id}/${evidence.attempt}`);
    if (facts.isCommitted === true) aRepository(folder).commit({});
    const environment = {
      GITHUB_ACTIONS: "true",
      GITHUB_RUN_ID: String(run.id),
      GITHUB_EVENT_NAME: "workflow_run",
      GITHUB_EVENT_PATH: await anEvent(folder, { ...evidence, headSha, event: facts.event ?? "pull_request" }),
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: "acme/income",
      GITHUB_WORKSPACE: folder,
    };
    const { charts = true } = facts;
    const inputs = Inputs.parse({ workingDirectory: folder, charts: String(charts), publish: "true" });
    const api = facts.api ?? jobApi(server, permissions);
    return publishRun({ inputs, environment, log: silentLog, api, upload: artifactOf(server, run) });
  };
  const comments = (): Promise<Comment[]> => listComments(reader, number);
  const summaryOf = async (check: string): Promise<string> => {
    const { data } = await clientOfPerson(server, "mona").rest.checks.listForRef({ ...at, ref: head });
    return data.check_runs.find(({ name }) => name === check)?.output.summary ?? "";
  };
  return { server, number, head, reader, nextRun, publish, comments, summaryOf };
}

/** As the job's checkout of the default branch has it. */
function fileOnMain({ git }: Repository, path: string): string | null {
  const commit = resolveCommit(git, "main");
  const entry = commit === null ? null : entryAt(git, commit, path);
  return entry === null ? null : readBlob(git, entry.sha).toString("utf8");
}

async function aRunFolder(facts: RunFacts & { headSha: string }): Promise<string> {
  const { evaluation = anEvaluation(), name = "income", trust = "rescored", plan = {}, headSha } = facts;
  const folder = await scratchFolder();
  const gates = evaluation.gates.map(({ gate }) => gate).filter((gate) => !/baseline|production/.test(gate));
  await writeFile(join(folder, "model.yml"), modelYml(name, gates.slice(0, 1)));
  const where = { modelFile: "model.yml", workingDirectory: folder, force: false };
  await writeScoredRun(await createContext({ ...where, log: silentLog, environment: {} }), {
    evaluation,
    trust,
    headSha: facts.scoredSha ?? headSha,
  });
  if (plan !== null)
    await writeFile(
      join(folder, ".mlops", "plan.json"),
      JSON.stringify(aPlanFile({ name, head_sha: headSha, ...plan })),
    );
  return folder;
}

/** plan.json of a change that touches one model. */
function aPlanFile({ name, ...fields }: Partial<PlanFile> & { name: string }): PlanFile {
  return {
    schema_version: 1,
    verdict: "pass",
    reason_code: "models_touched",
    summary: "the change touches 1 of 1 model.",
    base_sha: "b".repeat(40),
    from_sha: "b".repeat(40),
    head_sha: null,
    fork: false,
    models: [aPlannedModel({ model: name })],
    findings: [],
    ...fields,
  };
}

export function aPlannedModel(fields: Partial<PlanFile["models"][number]> = {}): PlanFile["models"][number] {
  return {
    ...{ model: "income", model_file: "model.yml", status: "existing", touched: true, runs: true, on_base: true },
    ...{ inputs_sha256: "1b".repeat(32), runner: "ubuntu-latest", reasons: [], paths: 1 },
    ...fields,
  };
}

/** A job's artifact service, with the rules of names that the real one has. */
export function artifactOf({ github }: EmbeddedGitHub, run: Run): Keeping["upload"] {
  const repository = findRepository(github, "acme/income");
  if (repository === undefined) throw new Error("no repository");
  return async (path, { replace }) => {
    const name = basename(path);
    const there = repository.artifacts.all().find((one) => one.run_id === run.id && one.name === name);
    if (there !== undefined && !replace) throw new Error("an artifact with this name already exists");
    if (there !== undefined) repository.artifacts.delete(there.id);
    saveArtifact(github, repository, { run, name, bytes: await readFile(path), content_type: "application/json" });
  };
}

interface FinishedRun {
  id: number;
  attempt: number;
  headSha: string;
  event: string;
}

async function anEvent(folder: string, { id, attempt, headSha, event }: FinishedRun): Promise<string> {
  const path = join(folder, "event.json");
  const workflow_run = {
    id,
    run_attempt: attempt,
    event,
    head_sha: headSha,
    head_branch: "change",
    head_repository: { id: 1, full_name: "acme/income" },
    html_url: `https://github.com/acme/income/actions/runs/${id}`,
  };
  await writeFile(path, JSON.stringify({ workflow_run, repository: { id: 1, default_branch: "main" } }));
  return path;
}

/** What people see in the end, without times. */
export async function seen({ comments, head, reader }: Awaited<ReturnType<typeof publishingStory>>) {
  const checks = await listChecks(reader, head);
  return {
    comments: (await comments()).map(({ body }) => withoutTimes(body)),
    checks: checks
      .map(({ name, conclusion, title, annotations }) => ({ name, conclusion, title, annotations }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

/** The digest in the marker is that of the text with its times. */
function withoutTimes(body: string): string {
  return body.replace(/"madeAt":"[^"]*"/g, "").replace(/"sha256":"[^"]*"/, "");
}
