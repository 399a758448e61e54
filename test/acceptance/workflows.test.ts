import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { create as createGlobber } from "@actions/glob";
import { expect, it, vi } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { runFolder } from "../../src/kit/run-folder.ts";
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
