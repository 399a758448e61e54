import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { personActor } from "../../../../src/rehearsal/administration/people.ts";
import { approveRun } from "../../../../src/rehearsal/administration/runs.ts";
import type { Job } from "../../../../src/rehearsal/state/release-records.ts";
import { aForkPull, aJob, aPull, at } from "../../../support/builders/rehearsal.ts";
import { clientOfPerson } from "../../../support/embedded-github.ts";
import { scratchFolder } from "../../../support/scratch.ts";
import { aRunner } from "../../../support/workflow-runner.ts";

const workflow = (text: string) => ({ ".github/workflows/w.yml": text.trimStart() });

function printed(jobs: readonly Job[]): string {
  return jobs
    .flatMap(({ steps }) => steps)
    .map(({ log }) => (log === null ? "" : readFileSync(log, "utf8")))
    .join("");
}

it("runs jobs after those that they need, with their outputs, and a matrix made of one", async () => {
  const { push, runs, jobs, repository } = await aRunner();
  const head = push(
    "main",
    workflow(`
on: push
jobs:
  each:
    name: Train \${{ matrix.model }}
    needs: plan
    if: needs.plan.outputs.any == 'true'
    strategy: { matrix: "\${{ fromJSON(needs.plan.outputs.matrix) }}" }
    runs-on: \${{ matrix.runner }}
    steps: [{ run: "echo training \${{ matrix.model }}" }]
  plan:
    runs-on: ubuntu-latest
    outputs: { any: "\${{ steps.plan.outputs.any }}", matrix: "\${{ steps.plan.outputs.matrix }}" }
    steps:
      - id: plan
        run: |
          echo 'any=true' >> "$GITHUB_OUTPUT"
          echo 'matrix={"include":[{"model":"income","runner":"small"},{"model":"churn","runner":"large"}]}' >> "$GITHUB_OUTPUT"
`),
  );
  const [run] = await runs("w.yml");
  expect(run).toMatchObject({ conclusion: "success", event: "push", head_sha: head, run_attempt: 1 });
  expect(jobs(run).map(({ name, runs_on }) => [name, ...runs_on])).toEqual([
    ["plan", "ubuntu-latest"],
    ["Train income", "small"],
    ["Train churn", "large"],
  ]);
  expect(printed(jobs(run))).toContain("\ntraining churn\n");
  const checks = repository.checkRuns
    .all()
    .map(({ name, head_sha, conclusion }) => [name, head_sha === head, conclusion]);
  expect(checks).toEqual([
    ["plan", true, "success"],
    ["Train income", true, "success"],
    ["Train churn", true, "success"],
  ]);
});

it("skips what needs a job that failed, unless it asks to run, and tells it the result", async () => {
  const { push, runs, jobs } = await aRunner();
  push(
    "main",
    workflow(`
on: push
jobs:
  first: { runs-on: x, steps: [{ run: exit 1 }] }
  usual: { needs: first, runs-on: x, steps: [{ run: echo usual }] }
  last: { needs: [first, usual], if: always(), runs-on: x, steps: [{ run: 'echo "\${{ needs.first.result }} \${{ needs.usual.result }}"' }] }
`),
  );
  const [run] = await runs("w.yml");
  expect(run?.conclusion).toBe("failure");
  expect(jobs(run).map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ["first", "failure"],
    ["usual", "skipped"],
    ["last", "success"],
  ]);
  expect(printed(jobs(run))).toContain("\nfailure skipped\n");
});

it("cancels the rest of a matrix after a failure, unless fail-fast is false", async () => {
  const { push, runs, jobs } = await aRunner();
  const job = (more: string) => `{ strategy: { ${more}matrix: { n: [1, 2] } }, runs-on: x, steps: [{ run: exit 1 }] }`;
  push("main", workflow(`on: push\njobs:\n  fast: ${job("")}\n  slow: ${job("fail-fast: false, ")}\n`));
  const [run] = await runs("w.yml");
  expect(jobs(run).map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ["fast (1)", "failure"],
    ["fast (2)", "cancelled"],
    ["slow (1)", "failure"],
    ["slow (2)", "failure"],
  ]);
});

const asksApi = (path: string, method = "GET") =>
  `curl -s -o /dev/null -w '%{http_code}\\n' -X ${method} -H "authorization: token $TOKEN" -H "user-agent: test" "$GITHUB_API_URL/repos/acme/income/${path}"`;

/** Fails where the token in the file is not taken. */
const asksApiWith = (place: string) =>
  `curl -sf -o /dev/null -H "authorization: token $(cat ${place})" -H "user-agent: test" "$GITHUB_API_URL/repos/acme/income"`;

it("grants a job's token what the job declares, else the workflow, else reading of contents", async () => {
  const { push, runs, jobs } = await aRunner();
  const steps = `steps: [{ env: { TOKEN: "\${{ github.token }}" }, run: '${asksApi("git/refs", "POST").replaceAll("'", "''")}' }]`;
  push(
    "main",
    workflow(`
on: push
permissions: { contents: write }
jobs:
  inherits: { runs-on: x, ${steps} }
  narrows: { permissions: { issues: write }, runs-on: x, ${steps} }
`),
  );
  const [run] = await runs("w.yml");
  const codes = printed(jobs(run))
    .split("\n")
    .filter((line) => /^\d{3}$/.test(line));
  // 422: it may, and the body is empty.
  expect(codes).toEqual(["422", "403"]);
});

it("lets nobody use a job's token after the job", async () => {
  const { push, runs, server } = await aRunner();
  const place = join(await scratchFolder(), "token");
  const run = `printf %s "\${{ github.token }}" > ${place}`;
  push(
    "main",
    workflow(`on: push\njobs: { one: { runs-on: x, steps: [{ run: '${run}' }, { run: '${asksApiWith(place)}' }] } }\n`),
  );
  const [{ conclusion } = {}] = await runs("w.yml");
  expect(conclusion).toBe("success");
  const headers = { authorization: `token ${readFileSync(place, "utf8")}`, "user-agent": "test" };
  expect((await fetch(`${server.github.links.api}/repos/acme/income`, { headers })).status).toBe(401);
});

const onPull = workflow(`
on: pull_request
permissions: { issues: write, contents: read }
jobs:
  one:
    runs-on: x
    steps:
      - env: { TOKEN: "\${{ github.token }}", KEY: "\${{ secrets.KEY }}" }
        run: |
          echo "key has \${#KEY} letters, $GITHUB_REF"
          ${asksApi("issues", "POST")}
`);

it("gives the runs of the repository's own pull requests their secrets and permissions", async () => {
  const { push, runs, jobs, server } = await aRunner({ secrets: { KEY: "open-sesame" } });
  push("main", onPull);
  await aPull(server);
  const [run] = await runs("w.yml");
  expect(printed(jobs(run))).toContain("key has 11 letters, refs/pull/1/merge\n422\n");
});

it("holds a stranger's run back until somebody lets it start, then reads only and without secrets", async () => {
  const { push, runs, jobs, server, repository, runner, news } = await aRunner({ secrets: { KEY: "open-sesame" } });
  push("main", onPull);
  const { head } = await aForkPull(server);
  const [waiting] = await runs("w.yml");
  expect(waiting).toMatchObject({ status: "action_required", head_sha: head, head_repository: "stranger/income" });
  expect(news.map(({ kind }) => kind)).toEqual(["run-waits"]);
  if (waiting !== undefined) approveRun(server.github, repository, waiting, personActor(server.github, "rita"));
  await runner.settled();
  const [run] = await runs("w.yml");
  expect(run).toMatchObject({ status: "completed", conclusion: "success" });
  expect(printed(jobs(run))).toContain("key has 0 letters, refs/pull/1/merge\n403\n");
});

it("runs a finished run again as its next attempt, of the same commit", async () => {
  const { push, runs, jobs, server } = await aRunner();
  const once = `if [ "$GITHUB_RUN_ATTEMPT" = 1 ]; then exit 1; fi; echo "$GITHUB_TRIGGERING_ACTOR for $GITHUB_ACTOR at $GITHUB_SHA"`;
  const head = push("main", workflow(`on: push\njobs: { one: { runs-on: x, steps: [{ run: '${once}' }] } }\n`));
  const [failed] = await runs("w.yml");
  expect(failed?.conclusion).toBe("failure");
  push("elsewhere", { "README.md": "more" });
  await aJob(server, { actions: "write" }).rest.actions.reRunWorkflow({ ...at, run_id: failed?.id ?? 0 });
  const [again] = await runs("w.yml");
  expect(again).toMatchObject({ id: failed?.id, run_attempt: 2, conclusion: "success" });
  expect(printed(jobs(again))).toContain(`github-actions[bot] for mona at ${head}`);
});

/** Pushes to `a` a run that takes a while, and waits until it does. */
async function aRunInAGroup(cancel: boolean, seconds: number) {
  const rehearsed = await aRunner();
  const text = (duration: number) =>
    `on: push\nconcurrency: { group: "g-\${{ github.workflow }}", cancel-in-progress: ${cancel} }\njobs: { one: { runs-on: x, steps: [{ run: sleep ${duration} }, { run: echo usual }, { if: cancelled(), run: echo tidy }] } }\n`;
  rehearsed.push("a", workflow(text(seconds)));
  const isRunning = () => rehearsed.news.some(({ kind }) => kind === "job-started");
  await vi.waitUntil(isRunning, { interval: 10, timeout: 10_000 });
  return { ...rehearsed, text };
}

it("lets one run of a group wait while another runs, the newest", async () => {
  const { push, runs, text } = await aRunInAGroup(false, 1);
  push("b", workflow(text(0)));
  push("b", { "README.md": "1" });
  push("b", { "README.md": "2" });
  const all = await runs("w.yml");
  expect(all.map(({ conclusion }) => conclusion)).toEqual(["success", "cancelled", "cancelled", "success"]);
});

it("cancels the run of a group that runs, where that is asked for", async () => {
  const { push, runs, jobs, text } = await aRunInAGroup(true, 60);
  push("b", workflow(text(0)));
  const [cancelled, newer] = await runs("w.yml");
  expect([cancelled?.conclusion, newer?.conclusion]).toEqual(["cancelled", "success"]);
  expect(jobs(cancelled)[0]?.steps.map(({ conclusion }) => conclusion)).toEqual(["cancelled", "skipped", "success"]);
});

it("starts nothing from what a job does with its own token, but for dispatches", async () => {
  const { push, runs, server } = await aRunner();
  push("main", {
    ".github/workflows/w.yml": "on: issue_comment\njobs: { one: { runs-on: x, steps: [{ run: echo heard }] } }\n",
    ".github/workflows/d.yml":
      "on: { repository_dispatch: { types: [go] } }\njobs: { one: { runs-on: x, steps: [{ run: echo heard }] } }\n",
  });
  const { number } = await aPull(server);
  const job = aJob(server, { issues: "write", contents: "write" }).rest;
  await job.issues.createComment({ ...at, issue_number: number, body: "hello" });
  expect(await runs("w.yml")).toEqual([]);
  await clientOfPerson(server, "rita").rest.issues.createComment({ ...at, issue_number: number, body: "hello" });
  expect(await runs("w.yml")).toMatchObject([{ event: "issue_comment", head_branch: "main", actor: "rita" }]);
  await job.repos.createDispatchEvent({ ...at, event_type: "go" });
  expect(await runs("d.yml")).toMatchObject([{ event: "repository_dispatch", conclusion: "success" }]);
});
