import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aClone, aModelYml, aRepository, type GitRepository } from "../support/builders/repository.ts";
import { mlopsWith } from "../support/command-line.ts";
import { type JobResult, runBundle } from "../support/runner.ts";
import { scratchFolder } from "../support/scratch.ts";

const dist = join(import.meta.dirname, "..", "..", "dist");

/** Two models of one repository that share code; `base` is main, and the job sees `clone` as its checkout. */
async function aRepositoryOfTwo(folder: string, more: Record<string, string> = {}) {
  const repository = aRepository(join(folder, "origin"));
  const base = repository.commit({
    "models/income/model.yml": aModelYml("income", "inputs: [train/**, ../../shared/**]\n"),
    "models/churn/model.yml": aModelYml("churn"),
    "shared/clean.py": "print(1)\n",
    ...more,
  });
  repository.git("switch", "--quiet", "-c", "topic");
  return { repository, base };
}

interface Job {
  action?: string;
  base: string;
  inputs?: Record<string, string>;
  fork?: boolean;
  clone?: string[];
}

/** Plans the head of `topic` as the first job of a pull request would, from the bundle. */
async function planned(folder: string, repository: GitRepository, job: Job): Promise<JobResult> {
  const head = repository.git("rev-parse", "HEAD");
  const { folder: workspace } = aClone(repository.folder, join(folder, head), "--branch=topic", ...(job.clone ?? []));
  const runnerFolder = join(folder, "runner");
  await mkdir(runnerFolder, { recursive: true });
  const event = join(runnerFolder, "event.json");
  const repo = { id: job.fork === true ? 2 : 1 };
  const pull_request = { base: { sha: job.base, repo: { id: 1 } }, head: { sha: head, repo } };
  await writeFile(event, JSON.stringify({ pull_request, repository: { default_branch: "main" } }));
  // Nothing native is there: a plan needs none.
  const environment = { GITHUB_EVENT_PATH: event, GITHUB_SHA: head, RUNNER_TOOL_CACHE: "/nowhere" };
  const { action = "plan", inputs = {} } = job;
  return runBundle({ bundles: dist, action, workspace, runnerFolder, inputs, environment });
}

it("hands on a matrix of the touched models, and says why in the job summary", async () => {
  const folder = await scratchFolder();
  const { repository, base } = await aRepositoryOfTwo(folder);
  repository.commit({ "shared/clean.py": "print(2)\n", ".github/workflows/ml.yml": "on: push\n" });
  const done = await planned(folder, repository, { base });
  expect(done).toMatchObject({ code: 0, outputs: { verdict: "pass", "reason-code": "models_touched", any: "true" } });
  expect(JSON.parse(done.outputs.matrix ?? "")).toEqual({
    include: [
      {
        model: "income",
        "model-file": "models/income/model.yml",
        "working-directory": ".",
        runner: "ubuntu-latest",
        artifact: "mlops-income",
        "scored-artifact": "mlops-scored-income",
        "on-base": true,
      },
    ],
  });
  expect(JSON.parse(done.outputs.models ?? "")).toEqual(["income"]);
  expect(done.summary).toContain(
    "| income (`models/income/model.yml`) | yes | `shared/clean.py` (`../../shared/**`) |",
  );
  expect(done.summary).toContain("| churn (`models/churn/model.yml`) | no | no changed path is one of its inputs |");
  expect(done.summary.indexOf("the change edits .github")).toBeLessThan(done.summary.indexOf("| income"));
  expect(done.log).toMatch(/::warning title=workflows_changed::/);
  expect(JSON.parse(await readFile(done.outputs.outcome ?? "", "utf8"))).toMatchObject({
    action: "plan",
    reason_code: "models_touched",
    run: { id: "42", event: "pull_request" },
    git: { base_sha: base },
    outputs: [{ path: ".mlops/plan.json" }],
  });
});

it("is green with an empty matrix for a pull request that touches no model, from the umbrella too", async () => {
  const folder = await scratchFolder();
  const { repository, base } = await aRepositoryOfTwo(folder);
  repository.commit({ "README.md": "more\n" });
  const done = await planned(folder, repository, { base, action: "umbrella", inputs: { run: "plan" } });
  expect(done).toMatchObject({
    code: 0,
    outputs: {
      verdict: "pass",
      "reason-code": "no_model_touched",
      any: "false",
      matrix: '{"include":[]}',
      models: "[]",
    },
  });
  expect(done.log).not.toMatch(/::(error|warning)/);
});

it("tells the line to write when the checkout is shallow", async () => {
  const folder = await scratchFolder();
  const { repository, base } = await aRepositoryOfTwo(folder);
  repository.commit({ "README.md": "more\n" });
  const done = await planned(folder, repository, { base, clone: ["--depth=1"] });
  expect(done.code).toBe(1);
  expect(done.log).toMatch(/::error title=history_missing::[^\n]*fetch-depth: 0/);
  expect(done.log).not.toMatch(/\n\s+at /);
  expect(done.outputs).toEqual({});
});

it("fails the job for a second model of the same name, and never gives a fork the runner that it asks for", async () => {
  const folder = await scratchFolder();
  const asks = aModelYml("gpu").replace("{ command:", "{ runner: big, command:");
  const { repository, base } = await aRepositoryOfTwo(folder, {
    "gpu/model.yml": asks,
    "mlops.yml": "runners: { big: [self-hosted, big] }\n",
  });
  repository.commit({ "gpu/train/main.py": "print(2)\n" });
  const fork = await planned(folder, repository, { base, fork: true });
  expect(JSON.parse(fork.outputs.matrix ?? "")).toMatchObject({ include: [{ model: "gpu", runner: "ubuntu-latest" }] });
  repository.commit({ "copy/model.yml": aModelYml("income") });
  const copy = await planned(folder, repository, { base });
  expect(copy).toMatchObject({ code: 1, outputs: { verdict: "fail", "reason-code": "plan_refused" } });
  expect(JSON.parse(copy.outputs.matrix ?? "")).toMatchObject({
    include: [{ model: "gpu", runner: ["self-hosted", "big"] }],
  });
  expect(copy.log).toMatch(/::error title=model_name_conflict::/);
});

it("shows names of the change as text: no markup, no command, no line of its own", async () => {
  const folder = await scratchFolder();
  const { repository, base } = await aRepositoryOfTwo(folder);
  const odd = "models/income/train/<img src=x> @octocat |\n::set-output name=any::x\u001b[31m.py";
  repository.commit({ [odd]: "x" });
  const done = await planned(folder, repository, { base });
  expect(done.outputs.any).toBe("true");
  expect(done.summary).not.toMatch(/<img|@octocat|\n::/);
  expect(done.log).not.toMatch(/\n::set-output/);
  expect(done.summary + done.log).not.toContain("\u001b");
});

it("answers on the command line in words, in JSON, and with an exit code", async () => {
  const folder = await scratchFolder();
  const { repository, base } = await aRepositoryOfTwo(folder);
  repository.commit({ "models/churn/data.lock.json": "{}\n" });
  await writeFile(join(repository.folder, "README.md"), "not committed\n");
  // Not the event of the job that runs this test.
  const mlops = (...args: string[]) => mlopsWith({ GITHUB_EVENT_NAME: "" }, repository.folder, "plan", ...args);
  const told = await mlops();
  expect(told.code).toBe(0);
  expect(told.stdout).toBe(
    "the change touches 1 of 2 models (churn).\n  churn  models/churn/data.lock.json (data.lock.json)\n",
  );
  expect(told.stderr).toBe("note: a plan is about commits; uncommitted changes do not count\n");
  const json = await mlops("--base", "main", "--head", "topic", "--json", "--quiet");
  expect(json.stderr).toBe("");
  expect(JSON.parse(json.stdout)).toMatchObject({ schema_version: 1, reason_code: "models_touched", base_sha: base });
  repository.commit({ "copy/model.yml": aModelYml("income") });
  expect((await mlops("--quiet")).code).toBe(1);
  expect((await mlops("--base", "nowhere")).code).toBe(2);
});
