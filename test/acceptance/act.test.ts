import { execFile } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, type TestContext } from "vitest";
import * as z from "zod";
import { downloadArtifact, listArtifacts } from "../../src/github/artifacts.ts";
import type { EmbeddedGitHub } from "../../src/rehearsal/serve-github.ts";
import { unpackArtifact } from "../../src/scoring/unpack-artifact.ts";
import { aProject, churnSpec } from "../support/builders/project.ts";
import { aRuntime } from "../support/builders/rehearsal.ts";
import { aRepository } from "../support/builders/repository.ts";
import { anEmbeddedGitHub } from "../support/embedded-github.ts";
import { jobApi } from "../support/github-api.ts";
import { scratchFolder } from "../support/scratch.ts";
import { program, skipReason } from "../support/tools.ts";

// A second runner than GitHub's: act, written by others, runs the template as users copy it, with the built actions, and uploads to
// an embedded GitHub. What it leaves there is then read by the functions that read it in a trusted job.

const project = join(import.meta.dirname, "..", "..");
const template = join(project, "workflows-templates", "ml-pull-request.yml");
const standIns = join(project, "test", "support", "stand-ins");

interface Told {
  /** Conclusions of jobs, by their names. */
  jobs: Record<string, string>;
  /** By `name of the step: name of the output`. */
  outputs: Record<string, string>;
  log: string;
  /** Names of the run's artifacts. */
  artifacts: string[];
  /** Paths of what the model's run left. */
  evidence: string[];
  /** The outcome of the evaluation, as a trusted job unpacks it. */
  verdict: unknown;
}

/** The template's run of a pull request whose head changes `files`. */
async function pullRequest(test: TestContext, files: Readonly<Record<string, string>>): Promise<Told> {
  const act = program("act");
  if (act === null) return test.skip(skipReason("act"));
  const folder = await scratchFolder();
  const repository = aRepository(join(folder, "repository"));
  await aProject(join(repository.folder, "models", "churn"), { rows: 1500 });
  const text = await readFile(template, "utf8");
  const base = repository.commit({
    ".gitignore": ".mlops/\n",
    ".github/workflows/ml.yml": text.replace("$default-branch", "main"),
  });
  const head = repository.commit(files);
  const side = (sha: string, ref: string) => ({ sha, ref, repo: { id: 1 } });
  const event = { pull_request: { number: 1, head: side(head, "topic"), base: side(base, "main") } };
  await writeFile(join(folder, "event.json"), JSON.stringify(event));
  const server = await anEmbeddedGitHub();
  const { run_id, environment } = aRuntime(server);
  const given = { ...environment, GITHUB_REPOSITORY: "acme/income", GITHUB_RUN_ID: String(run_id) };
  const flags = [
    ...["pull_request", "--json", "--workflows", ".github/workflows/ml.yml"],
    ...["--eventpath", join(folder, "event.json"), "--platform", "ubuntu-latest=-self-hosted"],
    ...["--no-cache-server", "--action-offline-mode", ...(await localActions(folder, text))],
    ...Object.entries(given).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
  ];
  const env = { HOME: folder, PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
  const options = { cwd: repository.folder, maxBuffer: 1 << 26, env };
  // A job that fails ends act with 1; what happened is in what it tells.
  const { stdout } = await promisify(execFile)(act, flags, options).catch((error: { stdout: string }) => error);
  return { ...read(stdout), ...(await found(server, run_id, folder)) };
}

const Line = z.object({
  job: z.string().optional(),
  stepID: z.array(z.string()).optional(),
  step: z.string().optional(),
  msg: z.string().default(""),
  command: z.string().optional(),
  name: z.string().optional(),
  arg: z.string().optional(),
  jobResult: z.string().optional(),
});

/** What act tells, one JSON object a line. */
function read(stdout: string): Pick<Told, "jobs" | "outputs" | "log"> {
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  const told = lines.map((line) => Line.parse(JSON.parse(line)));
  const results = told.flatMap(({ job = "", jobResult }) => (jobResult === undefined ? [] : [[job, jobResult]]));
  const outputs = told.flatMap(({ command, step = "", name = "", arg = "" }) => {
    return command === "set-output" ? [[`${step}: ${name}`, arg]] : [];
  });
  return {
    jobs: Object.fromEntries(results),
    outputs: Object.fromEntries(outputs),
    log: told.map(({ msg, arg = "" }) => `${msg} ${arg}`).join("\n"),
  };
}

const Outcome = z.object({ verdict: z.string() });

/** What a job of the default branch finds of a run, by the functions that it finds it with. */
async function found(
  server: EmbeddedGitHub,
  runId: number,
  folder: string,
): Promise<Pick<Told, "artifacts" | "evidence" | "verdict">> {
  const api = jobApi(server, { actions: "read" });
  const artifacts = await listArtifacts(api, runId);
  const names = artifacts.map(({ name }) => name).sort();
  const evidence = artifacts.find(({ name }) => name === "mlops-churn");
  if (evidence === undefined) return { artifacts: names, evidence: [], verdict: null };
  const [archive, into] = [join(folder, "evidence.zip"), join(folder, "unpacked")];
  await mkdir(into);
  await downloadArtifact(api, { artifact: evidence, path: archive, mostBytes: 1e8 });
  const files = await unpackArtifact({ archive, shown: "mlops-churn", model: "churn", into });
  const { verdict } = Outcome.parse(JSON.parse(await readFile(join(into, "evaluate.outcome.json"), "utf8")));
  return { artifacts: names, evidence: files.sort(), verdict };
}

/** The actions that the template uses: this project's from dist/, and a stand-in for the one that uploads; act itself checks out. */
async function localActions(folder: string, text: string): Promise<string[]> {
  const [ours, upload] = [join(folder, "mlops-actions"), join(folder, "upload-artifact")];
  await mkdir(ours);
  for (const part of ["action.yml", "actions", "dist"])
    await cp(join(project, part), join(ours, part), { recursive: true });
  await cp(join(standIns, "upload-artifact"), upload, { recursive: true });
  await writeFile(join(upload, "package.json"), '{"type":"module"}');
  // Native modules as a runner would have them after setup: resolvable above the bundle.
  for (const action of [ours, upload]) await symlink(join(project, "node_modules"), join(action, "node_modules"));
  const places: Readonly<Record<string, string>> = {
    "mlops-actions/mlops-actions": ours,
    "actions/upload-artifact": upload,
  };
  return [...text.matchAll(/uses: ([^/\s]+\/[^/@\s]+)(?:\/[^@\s]+)?@(\S+)/g)].flatMap(([, name = "", ref]) => {
    const place = places[name];
    return place === undefined ? [] : ["--local-repository", `${name}@${ref}=${place}`];
  });
}

describe("ml-pull-request.yml in a second runner, from the built actions", () => {
  it("trains and evaluates the model that a pull request touches, and leaves evidence that a trusted job can unpack", async (test) => {
    const told = await pullRequest(test, { "models/churn/model.yml": churnSpec("roc_auc >= 0.6") });
    expect(told.jobs).toEqual({
      "ML pull request/Plan": "success",
      "ML pull request/Train and evaluate churn": "success",
    });
    expect(told.outputs).toMatchObject({
      "Find the models that it touches: any": "true",
      "Find the models that it touches: models": '["churn"]',
      "Run the pipeline: verdict": "pass",
    });
    expect(told.log).toContain("the change touches 1 of 1 model (churn), and gates.");
    expect(told.artifacts).toEqual(["mlops-churn", "plan"]);
    // All that the run left but its snapshot.
    expect(told.evidence).toEqual([
      "card/model-card.md",
      "collect-data.outcome.json",
      "data/data.lock.json",
      "data/profile.json",
      "evaluate.outcome.json",
      "evaluation/evaluation.json",
      "evaluation/predictions.parquet",
      "model-card.outcome.json",
      "model/model.json",
      "model/model.onnx",
      "model/training.json",
      "report.outcome.json",
      "report/report.html",
      "report/report.md",
      "train.outcome.json",
      "validate-data.outcome.json",
    ]);
    expect(told.verdict).toBe("pass");
  });

  it("stops where a gate fails, and leaves the evidence all the same", async (test) => {
    const told = await pullRequest(test, { "models/churn/model.yml": churnSpec("roc_auc >= 0.99") });
    expect(told.jobs).toEqual({
      "ML pull request/Plan": "success",
      "ML pull request/Train and evaluate churn": "failure",
    });
    expect(told.outputs["Run the pipeline: verdict"]).toBe("fail");
    expect(told.artifacts).toEqual(["mlops-churn", "plan"]);
    expect(told.verdict).toBe("fail");
  });

  it("is green without a job for a model where a pull request touches none", async (test) => {
    const told = await pullRequest(test, { "README.md": "more" });
    expect(told.jobs).toEqual({ "ML pull request/Plan": "success" });
    expect(told.outputs["Find the models that it touches: any"]).toBe("false");
    expect(told.log).toContain("the change touches none of 1 model.");
    expect(told.artifacts).toEqual(["plan"]);
  });

  it("is red at the plan where model.yml has a mistake, which is told at its line", async (test) => {
    const told = await pullRequest(test, { "models/churn/model.yml": churnSpec("roc_auk >= 0.6") });
    expect(told.jobs).toMatchObject({ "ML pull request/Plan": "failure" });
    expect(told.log).toMatch(/models\/churn\/model\.yml.*roc_auk/);
    expect(told.artifacts).toEqual(["plan"]);
  });
});
