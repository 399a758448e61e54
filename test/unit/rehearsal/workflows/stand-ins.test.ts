import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { personActor } from "../../../../src/rehearsal/administration/people.ts";
import { approveRun } from "../../../../src/rehearsal/administration/runs.ts";
import type { Job } from "../../../../src/rehearsal/state/release-records.ts";
import { aForkPull, aPull, at } from "../../../support/builders/rehearsal.ts";
import { clientOfPerson } from "../../../support/embedded-github.ts";
import { aRunner } from "../../../support/workflow-runner.ts";

const workflow = (on: string, jobs: string) => `name: W\non: ${on}\njobs:\n${jobs}`;
const job = (steps: string, more = "") =>
  `  one:\n    runs-on: x\n${more}    steps:\n${steps.trim().replaceAll(/^/gm, "      ")}\n`;

function printed(jobs: readonly Job[]): string {
  return jobs
    .flatMap(({ steps }) => steps)
    .map(({ log }) => (log === null ? "" : readFileSync(log, "utf8")))
    .join("");
}

function complaints({ repository }: Awaited<ReturnType<typeof aRunner>>): string[] {
  return repository.checkRuns.all().flatMap(({ annotations }) => annotations.map(({ message }) => message));
}

it("checks out a pull request's test merge, without history unless it is asked for", async () => {
  const { push, runs, jobs, server } = await aRunner();
  const steps = [
    "- uses: actions/checkout@v7",
    "  with: { persist-credentials: false }",
    "- run: echo shallow $(git rev-list --count HEAD) $(git rev-parse HEAD) $(cat model.yml)",
    "- run: git config --get-regexp extraheader || echo no credentials",
    "- uses: actions/checkout@v7",
    "  with: { fetch-depth: 0, path: full }",
    "- run: cd full && echo full $(git rev-list --count HEAD) $(git branch -r --format '%(refname:short)' | sort | xargs)",
  ];
  push("main", { ".github/workflows/w.yml": workflow("pull_request", job(steps.join("\n"))) });
  await aPull(server);
  const [run] = await runs("w.yml");
  const log = printed(jobs(run));
  expect(log).toContain(`\nshallow 1 ${run?.execution?.sha} name: income\n`);
  expect(log).toContain("\nno credentials\n");
  expect(log).toMatch(/\nfull [4-9] origin\/change origin\/main pull\/1\/merge\n/);
});

it("checks out other branches by name, and says which one is not there", async () => {
  const rehearsed = await aRunner();
  const { push, runs, jobs } = rehearsed;
  push("other", { "other.txt": "here\n" });
  const steps =
    "- uses: actions/checkout@v7\n  with: { ref: other }\n- run: cat other.txt && git branch --show-current\n- uses: actions/checkout@v7\n  with: { ref: gone }";
  push("main", { ".github/workflows/w.yml": workflow("push", job(steps)) });
  const [run] = await runs("w.yml");
  expect(printed(jobs(run))).toContain("\nhere\nother\n");
  expect(complaints(rehearsed)).toEqual(["acme/income has no branch, tag or commit gone"]);
});

it("pushes with the credentials that a checkout leaves, as far as the job's permissions go", async () => {
  const { push, runs, jobs, repository } = await aRunner();
  const steps = [
    "- uses: actions/checkout@v7",
    "- run: |",
    '    git -c user.name=bot -c user.email=bot@example.org commit --quiet --allow-empty -m "by the job"',
    "    git push --quiet origin HEAD:refs/heads/made",
  ].join("\n");
  push("main", { ".github/workflows/w.yml": workflow("push", job(steps, "    permissions: { contents: write }\n")) });
  const [run] = await runs("w.yml");
  expect([run?.conclusion, printed(jobs(run))]).toMatchObject(["success", expect.any(String)]);
  expect(repository.activities.all().at(-1)).toMatchObject({ ref: "refs/heads/made", actor: "github-actions[bot]" });
});

it("refuses a fork's code in a workflow_run job unless it is asked for, as version 7 does", async () => {
  const rehearsed = await aRunner();
  const { push, runs, server, repository, runner } = rehearsed;
  const steps = "- uses: actions/checkout@v7\n  with: { ref: 'refs/pull/1/head' }";
  push("main", {
    ".github/workflows/pull.yml": workflow("pull_request", job("- run: 'true'")),
    ".github/workflows/w.yml": workflow(
      "{ workflow_run: { workflows: [W], types: [completed], branches: [change] } }",
      job(steps),
    ).replace("name: W\n", ""),
  });
  await aForkPull(server);
  const [waiting] = await runs("pull.yml");
  if (waiting !== undefined) approveRun(server.github, repository, waiting, personActor(server.github, "rita"));
  await runner.settled();
  expect(await runs("w.yml")).toMatchObject([{ conclusion: "failure" }]);
  expect(complaints(rehearsed)[0]).toMatch(/^Refusing to check out a fork's code/);
});

it("carries artifacts from job to job, from the deepest folder that they share, hidden files only on request", async () => {
  const { push, runs, jobs } = await aRunner();
  const text = workflow(
    "push",
    [
      job(
        [
          "- run: mkdir -p out/a out/b .mlops && echo 1 > out/a/x.txt && echo 2 > out/b/y.txt && echo 3 > out/.z && echo 4 > .mlops/plan.json",
          "- uses: actions/upload-artifact@v7",
          "  with: { name: plain, path: 'out/**' }",
          "- uses: actions/upload-artifact@v7",
          '  with: { name: hidden, include-hidden-files: true, path: "out\\n.mlops/*.json\\n!out/b" }',
          "- uses: actions/upload-artifact@v7",
          "  with: { name: nothing, path: '.mlops/**' }",
        ].join("\n"),
      ),
      "  two:",
      "    needs: one",
      "    runs-on: x",
      "    steps:",
      "      - uses: actions/download-artifact@v8",
      "        with: { name: plain, path: got }",
      "      - uses: actions/download-artifact@v8",
      "        with: { pattern: 'h*', path: all }",
      "      - run: find got all -type f | sort",
    ].join("\n"),
  );
  push("main", { ".github/workflows/w.yml": text });
  const [run] = await runs("w.yml");
  expect(run?.conclusion).toBe("success");
  const found = printed(jobs(run))
    .split("\n")
    .filter((line) => /^(got|all)\//.test(line));
  expect(found).toEqual([
    "all/hidden/.mlops/plan.json",
    "all/hidden/out/.z",
    "all/hidden/out/a/x.txt",
    "got/a/x.txt",
    "got/b/y.txt",
  ]);
});

it("uses the name of an artifact once in an attempt of a run, and again in the next", async () => {
  const rehearsed = await aRunner();
  const { push, runs, server } = rehearsed;
  const upload = "- uses: actions/upload-artifact@v7\n  with: { name: a, path: f.txt }\n";
  push("main", { ".github/workflows/w.yml": workflow("push", job(`- run: echo 1 > f.txt\n${upload}${upload}`)) });
  const [run] = await runs("w.yml");
  expect(run?.conclusion).toBe("failure");
  expect(complaints(rehearsed)[0]).toMatch(/\(409\) an artifact with this name already exists/);
  await clientOfPerson(server, "mona").rest.actions.reRunWorkflow({ ...at, run_id: run?.id ?? 0 });
  await runs("w.yml");
  expect(rehearsed.repository.artifacts.all().map(({ name, run_attempt }) => [name, run_attempt])).toEqual([
    ["a", 1],
    ["a", 2],
  ]);
});

it("downloads from another run only with a token that may read it", async () => {
  const rehearsed = await aRunner();
  const { push, runs, jobs } = rehearsed;
  const steps = (token: string) =>
    `- uses: actions/download-artifact@v8\n  with: { name: a, run-id: "\${{ github.event.workflow_run.id }}", github-token: "${token}" }\n- run: cat f.txt`;
  push("main", {
    ".github/workflows/first.yml": workflow(
      "push",
      job("- run: echo word > f.txt\n- uses: actions/upload-artifact@v7\n  with: { name: a, path: f.txt }"),
    ),
    ".github/workflows/w.yml": workflow(
      "{ workflow_run: { workflows: [W], types: [completed] } }",
      job(steps("${{ github.token }}"), "    permissions: { actions: read }\n"),
    ).replace("name: W\n", ""),
    ".github/workflows/bad.yml": workflow(
      "{ workflow_run: { workflows: [W], types: [completed] } }",
      job(steps("wrong")),
    ).replace("name: W\n", ""),
  });
  const [run] = await runs("w.yml");
  expect(printed(jobs(run))).toContain("\nword\n");
  expect(await runs("bad.yml")).toMatchObject([{ conclusion: "failure" }]);
  expect(complaints(rehearsed)[0]).toMatch(/was answered with 401/);
});
