import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as z from "zod";
import { churnSpec, customers } from "../support/builders/project.ts";
import { aRepository, type GitRepository } from "../support/builders/repository.ts";
import { mlops } from "../support/command-line.ts";
import { scratchFolder } from "../support/scratch.ts";

const Outcome = z.object({
  verdict: z.string(),
  why: z.string(),
  pull_request: z.object({ head: z.string(), base: z.string(), fork: z.boolean() }),
  runs: z.array(
    z.object({
      path: z.string(),
      event: z.string(),
      conclusion: z.string(),
      jobs: z.array(
        z.object({
          name: z.string(),
          conclusion: z.string(),
          steps: z.array(z.object({ name: z.string(), conclusion: z.string(), log: z.string() })),
        }),
      ),
    }),
  ),
  comments: z.array(z.object({ user: z.string(), body: z.string() })),
  checks: z.array(z.object({ name: z.string(), conclusion: z.string().nullable() })),
});

/** A clone with a model on main and a branch that changes it; no workflow yet. */
async function aClone(): Promise<GitRepository> {
  const repository = aRepository(join(await scratchFolder(), "shop"));
  repository.commit({ "model.yml": churnSpec("roc_auc >= 0.5"), "data.csv": customers(300) });
  repository.git("switch", "--quiet", "--create", "try");
  repository.commit({
    "model.yml": churnSpec("roc_auc >= 0.5").replace("builtin: linear", "builtin: linear\n  params: { C: 2 }"),
  });
  return repository;
}

async function rehearsed(repository: GitRepository, ...flags: string[]) {
  const { code, stdout, stderr } = await mlops(repository.folder, "rehearse", "--with-templates", "--json", ...flags);
  expect(stderr).toBe("");
  return { code, ...Outcome.parse(JSON.parse(stdout)) };
}

const exitCodes: Readonly<Record<string, number>> = { pass: 0, fail: 1, inconclusive: 3, pending: 4 };

it("rehearses the templates up to the published report and the answer to an approval, and leaves the clone as it was", async () => {
  const clone = await aClone();
  const before = [clone.git("rev-parse", "HEAD", "main"), clone.git("status", "--porcelain")];
  const told = await rehearsed(
    clone,
    "--comment",
    "/approve",
    "--as",
    "author",
    "--comment",
    "/approve",
    "--as",
    "reviewer",
    "--comment",
    "/approve",
  );

  expect(told.runs.map(({ path, event, conclusion }) => [path.replace(/^.*\//, ""), event, conclusion])).toEqual([
    ["ml-pull-request.yml", "pull_request", "success"],
    ["ml-report.yml", "workflow_run", "success"],
    ["ml-approve.yml", "issue_comment", "success"],
    ["ml-approve.yml", "issue_comment", "success"],
    ["ml-approve.yml", "issue_comment", "success"],
  ]);
  expect(told.runs[0]?.jobs.map(({ name }) => name)).toEqual(["Plan", "Train and evaluate churn"]);
  const [report, ...answers] = told.comments.filter(({ user }) => user === "github-actions[bot]");
  expect(report?.body).toContain("`churn`");
  expect(answers.map(({ body }) => /counts|does not count/.exec(body)?.[0])).toEqual([
    "counts",
    "does not count",
    "counts",
  ]);
  expect(told.checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["mlops", "mlops / churn", "mlops / approval"]),
  );
  const decided = told.checks.find(({ name }) => name === "mlops");
  expect(told.verdict).toBe(
    decided?.conclusion === "success" ? "pass" : decided?.conclusion === "failure" ? "fail" : "inconclusive",
  );
  expect(told.code).toBe(exitCodes[told.verdict]);

  const log = told.runs[0]?.jobs[1]?.steps.find(({ name }) => name === "Run the pipeline")?.log ?? "";
  expect(readFileSync(log, "utf8")).toContain("evaluate");
  expect([clone.git("rev-parse", "HEAD", "main"), clone.git("status", "--porcelain")]).toEqual(before);
  expect(existsSync(join(clone.folder, ".github"))).toBe(false);
});

it("rehearses a fork, whose runs a reviewer lets start", async () => {
  const told = await rehearsed(await aClone(), "--fork");
  expect(told.pull_request.fork).toBe(true);
  expect(told.runs.map(({ conclusion }) => conclusion)).toEqual(["success", "success"]);
  expect(told.checks.map(({ name }) => name)).toContain("mlops / churn");
});

it("says which files to copy where the default branch has no workflow of ours, and what to commit where nothing changed", async () => {
  const clone = await aClone();
  const without = await mlops(clone.folder, "rehearse");
  expect(without.code).toBe(2);
  expect(without.stderr).toMatch(/workflow_missing[\s\S]*workflows-templates\/\*\.yml[\s\S]*--with-templates/);
  clone.git("switch", "--quiet", "main");
  const unchanged = await mlops(clone.folder, "rehearse", "--with-templates");
  expect(unchanged.code).toBe(2);
  expect(unchanged.stderr).toContain("main is checked out");
});
