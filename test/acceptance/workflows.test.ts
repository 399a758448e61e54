import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { chmod, cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { create as createGlobber } from "@actions/glob";
import { expect, it, vi } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { runFolder } from "../../src/kit/run-folder.ts";
import { aProject, churnSpec } from "../support/builders/project.ts";
import { aRepository } from "../support/builders/repository.ts";
import { scratchFolder } from "../support/scratch.ts";
import { program, skipReason } from "../support/tools.ts";

const project = join(import.meta.dirname, "..", "..");
const template = join(project, "workflows-templates", "ml-pull-request.yml");
const templates = readdirSync(dirname(template))
  .filter((name) => name.endsWith(".yml"))
  .map((name) => join(dirname(template), name));
const workflows = [
  ...templates,
  join(project, ".github", "workflows", "ci.yml"),
  join(project, ".github", "workflows", "release.yml"),
];
const Template = z.object({
  jobs: z.object({
    model: z.object({
      steps: z.array(z.object({ with: z.object({ path: z.string().optional() }).optional() })),
    }),
  }),
});

it("is clean under actionlint", async (test) => {
  const actionlint = program("actionlint");
  if (actionlint === null) return test.skip(skipReason("actionlint"));
  await promisify(execFile)(actionlint, workflows);
});

it("is clean under zizmor", async (test) => {
  const zizmor = program("zizmor");
  if (zizmor === null) return test.skip(skipReason("zizmor"));
  await promisify(execFile)(zizmor, ["--offline", "--quiet", ...workflows]);
});

it.each(templates)("names the template for GitHub's picker: %s", async (path) => {
  const properties = JSON.parse(await readFile(path.replace(/yml$/, "properties.json"), "utf8"));
  expect(properties).toMatchObject({
    name: expect.any(String),
    description: expect.any(String),
    iconName: expect.stringMatching(/^octicon /),
  });
});

/** What the template's last step uploads of a run of `model` in `folder`, as actions/upload-artifact finds it. */
async function uploaded(folder: string, model: string): Promise<string[]> {
  const run = runFolder(folder, model);
  const places = [run.snapshot, run.lock, run.profile, run.modelManifest, run.predictions, run.evaluation, run.card];
  for (const path of [...places, run.reportMarkdown, run.reportHtml, run.outcome("train")]) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, "");
  }
  const { jobs } = Template.parse(parse(await readFile(template, "utf8")));
  const patterns = jobs.model.steps
    .flatMap((step) => (step.with?.path ?? "").split("\n"))
    .filter((each) => each !== "");
  const found = await quietly(async () => {
    const all = patterns.map((pattern) => join(folder, pattern)).join("\n");
    return (await createGlobber(all, { matchDirectories: false })).glob();
  });
  return found.map((path) => relative(run.root, path)).sort();
}

/** The globber tells the runner, on stdout, what it searches. */
async function quietly<Result>(work: () => Promise<Result>): Promise<Result> {
  const stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  return work().finally(() => stdout.mockRestore());
}

it.each(["churn", "model", "card", "report", "evaluation", "data", "team/model", "a/data/model"])(
  "uploads the evidence of a model called %s, and never its snapshot",
  async (model) => {
    expect(await uploaded(await scratchFolder(), model)).toEqual([
      "card/model-card.md",
      "data/data.lock.json",
      "data/profile.json",
      "evaluation/evaluation.json",
      "evaluation/predictions.parquet",
      "model/model.json",
      "report/report.html",
      "report/report.md",
      "train.outcome.json",
    ]);
  },
);

/** The template's run under act of a pull request whose head changes `files`. */
async function pullRequest(act: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await scratchFolder();
  const repository = aRepository(join(folder, "repository"));
  await aProject(join(repository.folder, "models", "churn"));
  const text = await readFile(template, "utf8");
  const base = repository.commit({
    ".gitignore": ".mlops/\n",
    ".github/workflows/ml.yml": text.replace("$default-branch", "main"),
  });
  const head = repository.commit(files);
  const event = {
    head: { sha: head, ref: "topic", repo: { id: 1 } },
    base: { sha: base, ref: "main", repo: { id: 1 } },
  };
  await writeFile(join(folder, "event.json"), JSON.stringify({ pull_request: { number: 1, ...event } }));
  const { stdout } = await promisify(execFile)(
    act,
    [
      "pull_request",
      ...["--workflows", ".github/workflows/ml.yml", "--eventpath", join(folder, "event.json")],
      ...["--platform", "ubuntu-latest=-self-hosted", "--no-cache-server", "--action-offline-mode"],
      ...(await localActions(folder)),
    ],
    {
      cwd: repository.folder,
      maxBuffer: 1 << 26,
      env: { HOME: folder, PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
    },
  );
  return stdout;
}

it("runs the template on a pull request that touches a model, in a workflow runner, from the built actions", async (test) => {
  const act = program("act");
  if (act === null) return test.skip(skipReason("act"));
  const log = await pullRequest(act, { "models/churn/model.yml": churnSpec("roc_auc >= 0.6") });
  expect(log).toContain("the change touches 1 of 1 model (churn), and gates.");
  expect(log).toMatch(/Train and evaluate churn.*Job succeeded/);
  expect(log).toMatch(/pass evaluate: /);
  expect(log).toMatch(/set-output::? ?verdict=pass|verdict=pass/);
});

it("ends the template green on a pull request that touches no model, without a job for one", async (test) => {
  const act = program("act");
  if (act === null) return test.skip(skipReason("act"));
  const log = await pullRequest(act, { "README.md": "more" });
  expect(log).toContain("the change touches none of 1 model.");
  expect(log).toMatch(/Plan.*Job succeeded/);
  expect(log).not.toMatch(/Train and evaluate/);
});

/** The actions that the template uses: this project's from dist/, GitHub's own as stand-ins. */
async function localActions(folder: string): Promise<string[]> {
  const ours = join(folder, "mlops-actions");
  await mkdir(ours);
  for (const part of ["action.yml", "actions", "dist"])
    await cp(join(project, part), join(ours, part), { recursive: true });
  // Native modules as a runner would have them after setup: resolvable above the bundle.
  await symlink(join(project, "node_modules"), join(ours, "node_modules"));
  const standIn = join(folder, "stand-in");
  await mkdir(standIn);
  await writeFile(
    join(standIn, "action.yml"),
    "name: stand-in\ndescription: does nothing\nruns:\n  using: composite\n  steps:\n    - run: 'true'\n      shell: bash\n",
  );
  await chmod(standIn, 0o755);
  const text = await readFile(template, "utf8");
  const uses = [...text.matchAll(/uses: ([^\s]+)/g)].map((match) => match[1] ?? "");
  return uses
    .map((use) => /^([^/]+\/[^/@]+)(?:\/[^@]+)?@(.+)$/.exec(use))
    .flatMap((match) =>
      match === null ? [] : [`${match[1]}@${match[2]}=${match[1] === "mlops-actions/mlops-actions" ? ours : standIn}`],
    )
    .flatMap((mapping) => ["--local-repository", mapping]);
}
