import { describe, expect, it } from "vitest";
import { listChecks } from "../../../src/github/checks.ts";
import { addComment, deleteComment, longestComment } from "../../../src/github/comments.ts";
import { aGate, aMetric, anEvaluation } from "../../support/builders/evaluation.ts";
import {
  aPlannedModel,
  plain,
  publishing,
  publishingStory,
  seen,
  undrawn,
} from "../../support/builders/published-run.ts";
import { jobApi, personApi } from "../../support/github-api.ts";
import { hostileTexts } from "../../support/hostile.ts";

const worse = anEvaluation({
  ...undrawn,
  verdict: "fail",
  reason_code: "gates_fail",
  metrics: { ...anEvaluation().metrics, roc_auc: aMetric(0.85) },
  gates: [aGate({ verdict: "fail", measured: 0.85, lower: 0.84, upper: 0.86 })],
});

describe("a pull request's report", () => {
  it("is one comment and three check runs, and the same run again changes nothing", async () => {
    const story = await publishingStory();
    const runId = story.nextRun();
    await story.publish({ runId });
    const [comment] = await story.comments();
    const first = await seen(story);
    expect(first.comments[0]).toMatch(
      /## ✅ Ship it: `income`[\s\S]*\*\*Approve:\*\* comment `\/approve [0-9a-f]{12}`/,
    );
    expect(first.checks).toMatchObject([
      { name: "mlops", conclusion: "success" },
      { name: "mlops / approval", conclusion: "action_required", title: "0 of 1 approvals" },
      { name: "mlops / income", conclusion: "success" },
    ]);
    await story.publish({ runId });
    expect(await seen(story)).toEqual(first);
    expect(await story.comments()).toEqual([comment]);
  });

  it("is updated in place, and says first what changed", async () => {
    const story = await publishingStory();
    await story.publish(plain);
    const [first] = await story.comments();
    await story.publish({ ...plain, evaluation: worse });
    const comments = await story.comments();
    expect(comments.map(({ id }) => id)).toEqual([first?.id]);
    expect(comments[0]?.body).toMatch(
      /\*\*Next:\*\*[^\n]*\n\n\*\*Since the last report:\*\* approvals of `[0-9a-f]{12}` no longer count\.\n\n- `roc_auc >= 0\.89`: pass → \*\*fail\*\*/,
    );
    expect(comments[0]?.body).toContain("- roc_auc 0.905 → 0.85");
    const checks = await listChecks(story.reader, story.head);
    expect(checks.find(({ name }) => name === "mlops")?.conclusion).toBe("failure");
    expect(checks.find(({ name }) => name === "mlops / income")).toMatchObject({
      conclusion: "failure",
      annotations: 1,
    });
  });

  it("says that approvals still count when a rerun decides the same", async () => {
    const story = await publishingStory();
    await story.publish(plain);
    await story.publish(plain);
    const [comment] = await story.comments();
    expect(comment?.body).toContain("nothing that is decided on has changed; approvals of");
  });

  it("of an older run or attempt overwrites nothing of a later one's", async () => {
    const story = await publishingStory();
    const [older, newer] = [story.nextRun(), story.nextRun()];
    await story.publish({ ...plain, runId: newer, attempt: 2 });
    const first = await seen(story);
    await story.publish({ ...plain, runId: older, evaluation: worse });
    await story.publish({ ...plain, runId: newer, attempt: 1, evaluation: worse });
    expect(await seen(story)).toEqual(first);
  });

  it("is one comment, the later run's, when two runs publish at the same time", async () => {
    for (let round = 0; round < 2; round += 1) {
      const story = await publishingStory();
      const [older, newer] = [story.nextRun(), story.nextRun()];
      const runs = [
        { ...plain, runId: older, evaluation: worse },
        { ...plain, runId: newer },
      ];
      await Promise.all((round % 2 === 0 ? runs : runs.toReversed()).map((run) => story.publish(run)));
      const comments = await story.comments();
      expect(comments).toHaveLength(1);
      expect(comments[0]?.body).toContain(`"run":${newer},`);
      expect(comments[0]?.body).toContain("Ship it");
    }
  });

  it("is not taken from a comment of somebody else that looks like it", async () => {
    const story = await publishingStory();
    await story.publish(plain);
    const [ours] = await story.comments();
    await deleteComment(jobApi(story.server, publishing), ours?.id ?? 0);
    const spoofed = await addComment(personApi(story.server, "rita"), story.number, ours?.body ?? "");
    await story.publish(plain);
    const comments = await story.comments();
    expect(comments).toHaveLength(2);
    expect(comments[0]).toEqual(spoofed);
    expect(comments[1]?.author.login).toBe("github-actions[bot]");
    expect(comments[1]?.body).not.toContain("Since the last report");
  });

  it("comes again when a person deleted it", async () => {
    const story = await publishingStory();
    await story.publish(plain);
    const [ours] = await story.comments();
    await deleteComment(personApi(story.server, "mona"), ours?.id ?? 0);
    await story.publish(plain);
    expect(await story.comments()).toHaveLength(1);
  });

  it("has pictures on a branch of the same repository, and tables alone without contents: write", async () => {
    const story = await publishingStory();
    await story.publish();
    const body = (await story.comments())[0]?.body ?? "";
    const addresses = [...body.matchAll(/(?:src|srcset)="([^"]*)"/g)].map(([, address]) => address ?? "");
    expect(addresses.length).toBeGreaterThan(3);
    for (const address of addresses)
      expect(address).toMatch(/^https:\/\/github\.com\/acme\/income\/raw\/mlops-reports\/charts\/[0-9a-f/]{65}\.png$/);
    const lesser = await publishingStory({}, { ...publishing, contents: "read" });
    await lesser.publish();
    const plainBody = (await lesser.comments())[0]?.body ?? "";
    expect(plainBody).not.toContain("<img");
    expect(plainBody).toContain("### Metrics");
  });

  it("of any length and with any values fits, keeps its memory, and says nothing to anybody", async () => {
    const story = await publishingStory();
    const long = hostileTexts.map((text) => `${text} ${"x".repeat(700)}`);
    const gates = Array.from({ length: 400 }, (_, index) =>
      aGate({
        gate: `roc_auc >= 0.89 ${long[index % long.length]} ${index}`,
        why: long[index % long.length] ?? "",
        verdict: "fail",
      }),
    );
    const evaluation = anEvaluation({ verdict: "fail", reason_code: "gates_fail", gates: [aGate(), ...gates] });
    await story.publish({ ...plain, evaluation });
    const [comment] = await story.comments();
    expect(comment?.body.length).toBeLessThanOrEqual(longestComment);
    // GitHub reads nothing into code.
    const visible = comment?.body.replace(/<!-- .* -->/g, "").replace(/`[^`\n]*`/g, "") ?? "";
    expect(visible).not.toMatch(/@octocat|<script|<img|^::error/m);
    expect(visible).not.toContain("\u001b");
    const income = (await listChecks(story.reader, story.head)).find(({ name }) => name === "mlops / income");
    expect(income?.annotations).toBe(50);
  });
});

describe("the check runs that are always there", () => {
  it("pass for a pull request that touches no model", async () => {
    const story = await publishingStory();
    await story.publish({ plan: { models: [] } });
    expect(await seen(story)).toMatchObject({
      comments: [],
      checks: [
        { name: "mlops", conclusion: "success", title: "No model changes" },
        { name: "mlops / approval", conclusion: "success", title: "No model changes" },
      ],
    });
  });

  it("report on a merge group", async () => {
    const story = await publishingStory();
    await story.publish({ plan: { models: [] }, event: "merge_group" });
    expect((await seen(story)).checks.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ["mlops", "success"],
      ["mlops / approval", "success"],
    ]);
  });

  it("are not written by a job that runs what a branch says", async () => {
    const story = await publishingStory();
    await story.publish({ ...plain, event: "push" });
    expect(await seen(story)).toEqual({ comments: [], checks: [] });
  });

  it("fail when a model left nothing, and name the mistake", async () => {
    const story = await publishingStory();
    await story.publish({ plan: { models: [aPlannedModel({ model: "churn", model_file: "churn/model.yml" })] } });
    const { checks, comments } = await seen(story);
    expect(comments).toEqual([]);
    expect(checks).toMatchObject([
      { name: "mlops", conclusion: "failure" },
      { name: "mlops / approval", conclusion: "action_required" },
      { name: "mlops / churn", conclusion: "failure", title: expect.stringMatching(/^No report: ./) },
    ]);
  });

  it.each([
    [{ plan: null }, "mlops", "left no plan of this commit"],
    [{ plan: { head_sha: "f".repeat(40) } }, "mlops", "left no plan of this commit"],
    [{ scoredSha: "f".repeat(40) }, "mlops / income", "left no result of this commit"],
    [{ isCommitted: true }, "mlops", "the run folder is committed"],
    [{ isCommitted: true, plan: { models: [] } }, "mlops", "the run folder is committed"],
  ])(
    "fail where a job before left nothing, or something of another commit, or what there is came with the commit: %j",
    async (facts, check, words) => {
      const story = await publishingStory();
      await story.publish({ ...plain, ...facts });
      const { checks, comments } = await seen(story);
      expect(comments).toEqual([]);
      const conclusions = new Map(checks.map(({ name, conclusion }) => [name, conclusion]));
      expect([conclusions.get("mlops"), conclusions.get("mlops / approval")]).toEqual(["failure", "action_required"]);
      expect(await story.summaryOf(check)).toContain(words);
    },
  );

  it("stand beside a comment that says so, where an earlier report was of a model that came to none", async () => {
    const story = await publishingStory();
    await story.publish(plain);
    await story.publish({ ...plain, scoredSha: "f".repeat(40) });
    const [comment, ...more] = await story.comments();
    expect(more).toEqual([]);
    expect(comment?.body).toContain("No report now: `income`");
    expect(comment?.body).toContain("The newest run came to no report of it: the check `mlops / income` says why.");
    // What is wrong with the whole change says nothing of a model: its report stays.
    await story.publish(plain);
    await story.publish({ ...plain, plan: null });
    expect((await story.comments())[0]?.body).toContain("Ship it");
  });

  it("fail where a job of a workflow has taken one of their names", async () => {
    const story = await publishingStory();
    const job = jobApi(story.server, { checks: "write" });
    const conclusion = { status: "completed", conclusion: "success", output: { title: "Fine", summary: "" } };
    const check = { name: "mlops / approval", head_sha: story.head, ...conclusion };
    await job.write("POST /repos/{owner}/{repo}/check-runs", check);
    await story.publish(plain);
    const [overall] = await listChecks(story.reader, story.head, "mlops");
    expect(overall).toMatchObject({ conclusion: "failure", title: "This change cannot be judged" });
    const [approval] = await listChecks(story.reader, story.head, "mlops / approval");
    expect(approval).toMatchObject({ conclusion: "action_required", title: "No report to approve yet" });
  });

  it("are not written by a model that has the name of one", async () => {
    const story = await publishingStory();
    await story.publish({ ...plain, name: "approval" });
    expect((await seen(story)).checks.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ["mlops", "success"],
      ["mlops / approval", "action_required"],
      ["mlops / model approval", "success"],
    ]);
  });
});
