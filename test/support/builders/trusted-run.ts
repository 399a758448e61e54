import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Inputs as EvaluateInputs } from "../../../src/actions/evaluate/io.ts";
import { StepInputs as PlanInputs } from "../../../src/actions/plan/io.ts";
import { Inputs as ReportInputs } from "../../../src/actions/report/io.ts";
import { listComments } from "../../../src/github/comments.ts";
import type { Permissions } from "../../../src/github/permissions.ts";
import { createContext } from "../../../src/kit/context.ts";
import { silentLog } from "../../../src/kit/log.ts";
import { onceUnlessFailed } from "../../../src/kit/once.ts";
import { runFolder } from "../../../src/kit/run-folder.ts";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { personActor } from "../../../src/rehearsal/administration/people.ts";
import { forkRepository } from "../../../src/rehearsal/administration/repositories.ts";
import { finishRun, saveArtifact, startRun } from "../../../src/rehearsal/administration/runs.ts";
import { jobToken } from "../../../src/rehearsal/administration/tokens.ts";
import { resolveCommit } from "../../../src/rehearsal/git/resolve.ts";
import type { Run } from "../../../src/rehearsal/state/release-records.ts";
import type { Repository } from "../../../src/rehearsal/state/repository.ts";
import { collectDataStep } from "../../../src/wiring/collect-data.ts";
import { evaluateStep } from "../../../src/wiring/evaluate.ts";
import { evaluateRun } from "../../../src/wiring/evaluate-run.ts";
import { planStep } from "../../../src/wiring/plan.ts";
import { publishRun } from "../../../src/wiring/publish-run.ts";
import { trainStep } from "../../../src/wiring/train.ts";
import { validateDataStep } from "../../../src/wiring/validate-data.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../embedded-github.ts";
import { jobApi } from "../github-api.ts";
import { scratchFolder } from "../scratch.ts";
import { zipBytes } from "../zip.ts";
import { aProject, churnSpec, customers } from "./project.ts";
import { artifactOf } from "./published-run.ts";
import { aRepository, at } from "./rehearsal.ts";
import { aClone } from "./repository.ts";

/** The jobs' permissions as workflows-templates/ml-report.yml grants them. */
const permissions = {
  plan: { contents: "read", "pull-requests": "read" },
  score: { actions: "read", contents: "read" },
  publish: { actions: "read", checks: "write", contents: "write", "pull-requests": "write" },
} as const satisfies Record<string, Permissions>;

const shared = { modelFile: "model.yml", workingDirectory: ".", failOn: "fail", force: false } as const;

/** The files that a pull request's own run uploads of the churn project: trained once, whatever its model.yml says of gates. */
const trainedFiles = onceUnlessFailed(async (): Promise<readonly { name: string; content: Buffer }[]> => {
  const folder = await mkdtemp(join(tmpdir(), "mlops-trusted-"));
  await aProject(folder, { rows: 1500 });
  const context = await createContext({ ...shared, workingDirectory: folder, log: silentLog, environment: {} });
  await collectDataStep(context, { ...shared, lock: false });
  await trainStep(context, { ...shared, timeoutMinutes: 0 });
  await evaluateStep(context, EvaluateInputs.parse({ threads: 1 }));
  const { root } = runFolder(folder, "churn");
  const names = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((name) => /^([^/]+\.json|data\/[^/]+\.json|(model|evaluation)\/.+)$/.test(name));
  const files = await Promise.all(names.map(async (name) => ({ name, content: await readFile(join(root, name)) })));
  await rm(folder, { recursive: true });
  return files;
});

/** These files as the template uploads them, under a model's name. */
export async function artifactZip(model = "churn"): Promise<Buffer> {
  return zipBytes((await trainedFiles()).map(({ name, content }) => ({ name: `${model}/${name}`, content })));
}

export interface TrustedStory {
  /** Files of the default branch besides model.yml and data.csv; null takes one away. */
  base?: Readonly<Record<string, string | null>>;
  /** What the pull request changes. */
  files: Readonly<Record<string, string | null>>;
  fromFork?: boolean;
}

/** acme/income with the churn project on main, and hubot's pull request, or a stranger's from a fork. */
export async function trustedStory({ base = {}, files, fromFork = false }: TrustedStory) {
  const server = await anEmbeddedGitHub();
  const { github } = server;
  const repository = aRepository(server);
  const project = { "model.yml": churnSpec("roc_auc >= 0.65"), "data.csv": customers(1500), ".gitignore": ".mlops/\n" };
  pushFiles(github, repository, { branch: "main", files: { ...project, ...base }, actor: personActor(github, "mona") });
  const author = fromFork ? "stranger" : "hubot";
  const actor = personActor(github, author);
  const source = fromFork ? forkRepository(github, repository, author) : repository;
  const push = (changes: TrustedStory["files"]) =>
    pushFiles(github, source, { branch: "change", files: changes, actor });
  const head = push(files);
  const branch = fromFork ? "stranger:change" : "change";
  const pull = await clientOfPerson(server, author).rest.pulls.create({
    ...at,
    title: "t",
    head: branch,
    base: "main",
  });
  const reader = jobApi(server, { "pull-requests": "read", checks: "read", contents: "read" });

  /** Ends the pull request's own run, which left these artifacts, and gives the event that this is. */
  const untrusted = async (
    artifacts: Readonly<Record<string, Uint8Array>>,
    run: { event?: string; sha?: string; branch?: string } = {},
  ) => {
    const { event = "pull_request", sha = head, branch: head_branch = "change" } = run;
    const events: unknown[] = [];
    const listener = ({ name, payload }: { name: string; payload: unknown }) => {
      if (name === "workflow_run") events.push(payload);
    };
    github.listeners.add(listener);
    onTestFinished(() => void github.listeners.delete(listener));
    const head_repository = `${source.facts.owner}/${source.facts.name}`;
    const wanted = { path: ".github/workflows/ml-pull-request.yml", event, head_sha: sha, head_branch };
    const started = startRun(github, repository, { ...wanted, head_repository, actor: author });
    for (const [name, bytes] of Object.entries(artifacts))
      saveArtifact(github, repository, { run: started, name, bytes });
    finishRun(github, repository, started, "success");
    return { event: events.at(-1) };
  };

  /** Another pull request of the same branch, into `release`. */
  const secondPull = async (): Promise<number> => {
    pushFiles(github, repository, {
      branch: "release",
      files: { "RELEASE.md": "1\n" },
      actor: personActor(github, "mona"),
    });
    const wanted = { ...at, title: "backport", head: branch, base: "release" };
    return (await clientOfPerson(server, author).rest.pulls.create(wanted)).data.number;
  };
  /** An artifact of a run of the fork's own. */
  const leaveInFork = (name: string, bytes: Uint8Array): void => {
    const wanted = {
      path: ".github/workflows/ml-pull-request.yml",
      event: "pull_request",
      head_sha: head,
      actor: author,
    };
    saveArtifact(github, source, { run: startRun(github, source, wanted), name, bytes });
  };
  const commentsOn = (number: number) => listComments(reader, number);

  return { head, push, untrusted, workflow, secondPull, leaveInFork, commentsOn };

  /** The jobs of ml-report.yml on such an event; `broken`: the scoring jobs end before they leave anything. */
  async function workflow(event: unknown, { broken = false } = {}) {
    const jobs = await reportJobs({ server, repository }, event);
    const planned = await jobs.plan().catch((error: unknown) => error);
    if (planned instanceof Error) return { planned, scored: [], ...(await published(jobs)) };
    const scored = [];
    for (const entry of broken ? [] : jobs.matrix()) scored.push(await jobs.score(entry));
    return { planned, scored, ...(await published(jobs)) };
  }

  async function published(jobs: Awaited<ReturnType<typeof reportJobs>>) {
    const result = await jobs.publish();
    const { data } = await clientOfPerson(server, "mona").rest.checks.listForRef({ ...at, ref: head });
    const comments = await listComments(reader, pull.data.number);
    return {
      result,
      comments: comments.map(({ body }) => body),
      checks: new Map(
        data.check_runs.map(({ name, conclusion, output: { title, summary } }) => [
          name,
          { conclusion, title, summary },
        ]),
      ),
    };
  }
}

type World = { server: Awaited<ReturnType<typeof anEmbeddedGitHub>>; repository: Repository };
type Matrix = Awaited<ReturnType<typeof planStep>>["matrix"]["include"];

async function reportJobs({ server, repository }: World, event: unknown) {
  const folder = await scratchFolder();
  const { github } = server;
  const main = resolveCommit(repository.git, "main") ?? "";
  const wanted = { path: ".github/workflows/ml-report.yml", event: "workflow_run", head_sha: main, actor: "mona" };
  const run: Run = startRun(github, repository, wanted);
  await writeFile(join(folder, "event.json"), JSON.stringify(event));
  const environment = {
    GITHUB_RUN_ID: String(run.id),
    GITHUB_EVENT_NAME: "workflow_run",
    GITHUB_EVENT_PATH: join(folder, "event.json"),
    GITHUB_SERVER_URL: github.links.origin,
    GITHUB_REPOSITORY: "acme/income",
    GITHUB_SHA: main,
  };
  const checkout = async (job: string): Promise<string> => {
    const workspace = join(folder, job);
    aClone(repository.git.path, workspace);
    return workspace;
  };
  let matrix: Matrix = [];
  const kept = join(folder, "kept");
  const scoredFolders: string[] = [];

  return {
    matrix: () => matrix,
    async plan() {
      const workspace = await checkout("plan");
      const token = jobToken(github, {
        repository: "acme/income",
        permissions: { contents: "read", pull_requests: "read" },
      });
      const request = { workspace, environment, token, api: jobApi(server, permissions.plan) };
      try {
        const planned = await planStep(request, PlanInputs.parse({}));
        matrix = planned.matrix.include;
        return planned;
      } finally {
        await mkdir(kept, { recursive: true });
        await cp(join(workspace, ".mlops"), kept, { recursive: true }).catch(() => undefined);
      }
    },
    async score(entry: Matrix[number]) {
      const workspace = await checkout(`score-${scoredFolders.length}`);
      const place = { ...shared, modelFile: entry["model-file"], workingDirectory: workspace };
      if (entry["on-base"]) {
        const context = await createContext({ ...place, log: silentLog, environment });
        await collectDataStep(context, { ...place, lock: false });
        await validateDataStep(context, place);
      }
      const inputs = EvaluateInputs.parse({
        trust: "rescore",
        modelFile: entry["model-file"],
        workingDirectory: workspace,
        threads: 1,
      });
      const { step } = await evaluateRun({
        inputs,
        environment,
        log: silentLog,
        api: jobApi(server, permissions.score),
      });
      scoredFolders.push(workspace);
      return step.outcome;
    },
    async publish() {
      const workspace = await checkout("publish");
      await cp(kept, join(workspace, ".mlops"), { recursive: true });
      for (const scored of scoredFolders)
        await cp(join(scored, ".mlops"), join(workspace, ".mlops"), {
          recursive: true,
          filter: (path) => !path.endsWith(".parquet"),
        });
      const inputs = ReportInputs.parse({ publish: "true", charts: "false", workingDirectory: workspace });
      const api = jobApi(server, permissions.publish);
      return publishRun({ inputs, environment, log: silentLog, api, upload: artifactOf(server, run) });
    },
  };
}
