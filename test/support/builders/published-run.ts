import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Inputs } from "../../../src/actions/report/io.ts";
import type { EvaluationFile } from "../../../src/evaluation/evaluation-file.ts";
import type { Api } from "../../../src/github/api.ts";
import { listChecks } from "../../../src/github/checks.ts";
import { type Comment, listComments } from "../../../src/github/comments.ts";
import type { Permissions } from "../../../src/github/permissions.ts";
import { createContext } from "../../../src/kit/context.ts";
import { silentLog } from "../../../src/kit/log.ts";
import { startRun } from "../../../src/rehearsal/administration/runs.ts";
import type { Serving } from "../../../src/rehearsal/serve-github.ts";
import { findRepository } from "../../../src/rehearsal/state/github.ts";
import { publishRun } from "../../../src/wiring/publish-run.ts";
import { anEmbeddedGitHub } from "../embedded-github.ts";
import { jobApi } from "../github-api.ts";
import { writeRun } from "../run-evidence.ts";
import { scratchFolder } from "../scratch.ts";
import { anEvaluation } from "./evaluation.ts";
import { aPull } from "./rehearsal.ts";

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
  /** Run whose evidence it is; a new one if left out. */
  runId?: number;
  attempt?: number;
  headSha?: string;
  api?: Api;
  charts?: boolean;
  matrix?: string;
}

/** A pull request on an embedded GitHub, and runs that publish to it. */
export async function publishingStory(serving: Partial<Serving> = {}, permissions: Permissions = publishing) {
  const server = await anEmbeddedGitHub(serving);
  const { number, head } = await aPull(server);
  const reader = jobApi(server, { "pull-requests": "read", checks: "read", contents: "read" });
  const nextRun = (sha = head): number => {
    const repository = findRepository(server.github, "acme/income");
    if (repository === undefined) throw new Error("no repository");
    const wanted = { path: ".github/workflows/mlops.yml", event: "pull_request", head_sha: sha, actor: "hubot" };
    return startRun(server.github, repository, wanted).id;
  };
  const publish = async (facts: RunFacts = {}) => {
    const folder = await aRunFolder(facts);
    const headSha = facts.headSha ?? head;
    const environment = {
      GITHUB_RUN_ID: String(facts.runId ?? nextRun(headSha)),
      GITHUB_RUN_ATTEMPT: String(facts.attempt ?? 1),
      GITHUB_EVENT_NAME: "pull_request",
      GITHUB_EVENT_PATH: await anEvent(folder, { number, headSha }),
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: "acme/income",
      GITHUB_WORKSPACE: folder,
    };
    const { matrix = "", charts = true } = facts;
    const inputs = Inputs.parse({ workingDirectory: folder, charts: String(charts), matrix });
    const api = facts.api ?? jobApi(server, permissions);
    return publishRun({ inputs, environment, log: silentLog, api });
  };
  const comments = (): Promise<Comment[]> => listComments(reader, number);
  return { server, number, head, reader, nextRun, publish, comments };
}

async function aRunFolder({ evaluation = anEvaluation(), name = "income" }: RunFacts): Promise<string> {
  const folder = await scratchFolder();
  const gates = evaluation.gates.map(({ gate }) => gate).filter((gate) => !/baseline|production/.test(gate));
  await writeFile(join(folder, "model.yml"), modelYml(name, gates.slice(0, 1)));
  const where = { modelFile: "model.yml", workingDirectory: folder, force: false };
  await writeRun(await createContext({ ...where, log: silentLog, environment: {} }), evaluation);
  return folder;
}

async function anEvent(folder: string, { number, headSha }: { number: number; headSha: string }): Promise<string> {
  const path = join(folder, "event.json");
  const repo = { id: 1, full_name: "acme/income" };
  const pull_request = { number, head: { sha: headSha, repo }, base: { sha: headSha, ref: "main", repo } };
  await writeFile(path, JSON.stringify({ pull_request }));
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
