import { beforeAll, describe, expect, it } from "vitest";
import { churnSpec } from "../../support/builders/project.ts";
import { artifactZip, trustedStory } from "../../support/builders/trusted-run.ts";

// The three jobs of workflows-templates/ml-report.yml, one after the other, against an embedded GitHub.

let zip: Buffer;
beforeAll(async () => {
  zip = await artifactZip();
}, 120_000);

const lower = churnSpec("roc_auc >= 0.1");

describe("a pull request, judged by the default branch", () => {
  it.each([false, true])(
    "is planned, scored and told of from its run's end alone (from a fork: %s)",
    async (fromFork) => {
      const story = await trustedStory({ files: { "model.yml": lower }, fromFork });
      const { event } = await story.untrusted({ "mlops-churn": zip });
      const { planned, scored, checks, comments } = await story.workflow(event);
      expect(planned).toMatchObject({ file: { head_sha: story.head, fork: fromFork } });
      expect(scored).toMatchObject([{ verdict: "pass", trust: "rescored", git: { head_sha: story.head } }]);
      expect(comments).toHaveLength(1);
      expect(comments[0]?.slice(0, 800)).toContain("changes model.yml: evaluate.gates, and was judged without that");
      expect(comments[0]).toMatch(/\*\*Approve:\*\* comment `\/approve [0-9a-f]{12}`[\s\S]*numbers rescored/);
      expect(checks.get("mlops")).toMatchObject({ conclusion: "success" });
      expect(checks.get("mlops / approval")).toMatchObject({
        conclusion: "action_required",
        title: "0 of 1 approvals",
      });
      expect(checks.get("mlops / churn")?.summary).toContain("`roc_auc >= 0.65`");
    },
  );
});

describe("what a pull request does to names and rules is refused or told, and judges nothing", () => {
  /** The first job's words and the checks, of a change whose run left an artifact under every name. */
  async function judged(story: Parameters<typeof trustedStory>[0], names: readonly string[] = ["mlops-churn"]) {
    const made = await trustedStory(story);
    const { event } = await made.untrusted(Object.fromEntries(names.map((name) => [name, zip])));
    return made.workflow(event);
  }

  it("when it makes its author an approver", async () => {
    const mlops =
      "roles: { me: { people: [hubot] } }\napprovals: [{ role: me, for: register }]\naccept_claimed: true\n";
    const { checks, comments } = await judged({ files: { "mlops.yml": mlops, "model.yml": lower } });
    const top = comments[0]?.slice(0, 600) ?? "";
    expect(top).toContain("mlops.yml: accept_claimed, approvals, roles and model.yml: evaluate.gates");
    expect(checks.get("mlops")?.summary).toContain("mlops.yml: accept_claimed, approvals, roles");
    // The default branch asks somebody with write access, not the role that the change gives away.
    expect(checks.get("mlops / approval")?.summary).toContain("writer");
    expect(checks.get("mlops / approval")?.conclusion).toBe("action_required");
  });

  it("when it takes the name of a model for a second model.yml", async () => {
    const { scored, checks, comments } = await judged({ files: { "other/model.yml": lower } });
    expect(scored).toEqual([]);
    expect(comments).toEqual([]);
    expect(checks.get("mlops")).toMatchObject({ conclusion: "failure", title: "This change cannot be judged" });
    expect(checks.get("mlops")?.summary).toContain("model.yml and other/model.yml have the same name");
    expect(checks.get("mlops / approval")).toMatchObject({ conclusion: "action_required" });
  });

  it("when it moves a listed name to other files", async () => {
    const base = { "mlops.yml": "models: { churn: model.yml }\n" };
    const { scored, checks } = await judged({ base, files: { "model.yml": lower.replace("churn", "mine") } }, [
      "mlops-churn",
      "mlops-mine",
    ]);
    expect(scored).toEqual([]);
    expect(checks.get("mlops")?.summary).toContain(
      "mlops.yml says that model.yml is the model churn; the change calls it mine",
    );
  });

  it("when it asks for a runner that the default branch does not name, whatever its own mlops.yml says", async () => {
    const model = lower.replace("builtin: linear", "builtin: linear\n  runner: gpu");
    const files = { "model.yml": model, "mlops.yml": "runners: { gpu: [self-hosted, secret] }\n" };
    const { scored, checks } = await judged({ files });
    expect(scored).toEqual([]);
    expect(checks.get("mlops")).toMatchObject({ conclusion: "failure" });
    expect(checks.get("mlops")?.summary).toContain("which runners of the base branch's mlops.yml does not name");
  });

  it("when its model.yml or mlops.yml has a mistake: the words and their place are on the check", async () => {
    const { planned, checks, comments } = await judged({ files: { "model.yml": lower.replace("label:", "lable:") } });
    expect(planned).toBeInstanceOf(Error);
    expect(comments).toEqual([]);
    expect(checks.get("mlops")).toMatchObject({ conclusion: "failure", title: "This change cannot be judged" });
    expect(checks.get("mlops")?.summary).toMatch(
      /model\.yml:.*10:.*3: unknown key "lable" in data; did you mean label\?/s,
    );
    expect(checks.get("mlops / approval")).toMatchObject({ conclusion: "action_required" });
    const policy = await judged({ files: { "mlops.yml": "gate: []\n", "model.yml": lower } });
    expect(policy.checks.get("mlops")?.summary).toMatch(/mlops\.yml:.*1:.*1: unknown key "gate"/);
  });

  it("with whatever it calls things: nobody is mentioned, and nothing is shown but text", async () => {
    const odd = `@octocat <img src=x onerror=alert(1)> ](http://evil.example) ::error::x`;
    const { checks } = await judged({
      files: { "model.yml": `${lower}"${odd}": 1\n`, "a/@octocat/model.yml": lower },
    });
    const summary = checks.get("mlops")?.summary ?? "";
    expect(checks.get("mlops")?.conclusion).toBe("failure");
    expect(summary).toContain("unknown key");
    expect(summary).not.toMatch(/@octocat|<img|\]\(http/);
  });

  it("when it renames the model: the new name has nobody's rows but its own, and is a claim", async () => {
    const renamed = await artifactZip("mine");
    const story = await trustedStory({ files: { "model.yml": churnSpec("roc_auc >= 0.1").replace("churn", "mine") } });
    const { event } = await story.untrusted({ "mlops-mine": renamed });
    const { scored, checks, comments } = await story.workflow(event);
    expect(scored).toMatchObject([{ model: "mine", verdict: "inconclusive", trust: "claimed" }]);
    expect(checks.get("mlops")).toMatchObject({ conclusion: "action_required" });
    expect(comments[0]?.slice(0, 1200)).toMatch(
      /the default branch calls the model of model\.yml churn[\s\S]*renames churn/,
    );
  });
});

describe("a model that the default branch does not have", () => {
  const files = { "other/model.yml": churnSpec("roc_auc >= 0.65").replace("churn", "mine"), "other/data.csv": "a,b\n" };

  it("is told as a claim, and decides nothing", async () => {
    const story = await trustedStory({ files });
    const { event } = await story.untrusted({ "mlops-mine": await artifactZip("mine") });
    const { scored, checks, comments } = await story.workflow(event);
    expect(scored).toMatchObject([{ verdict: "inconclusive", reason_code: "claimed_not_rescored", trust: "claimed" }]);
    expect(scored[0]?.findings.map(({ code }) => code)).toContain("model_new");
    expect(checks.get("mlops / mine")).toMatchObject({ conclusion: "action_required" });
    expect(comments[0]?.slice(0, 1200)).toContain("the default branch has no other/model.yml");
    expect(comments[0]).not.toContain("**Approve:**");
  });

  it("may be approved where the default branch accepts claims, if it answers that branch's gates too", async () => {
    const base = { "mlops.yml": "accept_claimed: true\n" };
    const artifacts = { "mlops-mine": await artifactZip("mine") };
    const story = await trustedStory({ base, files });
    const { scored, comments } = await story.workflow((await story.untrusted(artifacts)).event);
    expect(scored).toMatchObject([{ verdict: "pass", trust: "claimed" }]);
    expect(comments[0]).toMatch(
      /\*\*Approve:\*\* comment `\/approve [0-9a-f]{12}`[\s\S]*numbers claimed, not rescored/,
    );
    const strict = { "mlops.yml": "accept_claimed: true\ngates: [recall >= 0.01]\n" };
    const other = await trustedStory({ base: strict, files });
    const asked = await other.workflow((await other.untrusted(artifacts)).event);
    expect(asked.scored).toMatchObject([{ verdict: "inconclusive" }]);
    expect(asked.scored[0]?.summary).toContain("does not answer the gate recall >= 0.01 of the default branch");
  });
});

describe("an artifact", () => {
  const files = { "model.yml": lower };

  it("that the run did not leave is a verdict with its reason, also where other runs left one of that name", async () => {
    const story = await trustedStory({ files });
    await story.untrusted({ "mlops-churn": zip }, { event: "push" });
    const { event } = await story.untrusted({ "mlops-other": zip });
    await story.untrusted({ "mlops-churn": zip });
    const { scored, checks } = await story.workflow(event);
    expect(scored).toMatchObject([{ verdict: "fail", reason_code: "artifact_missing" }]);
    expect(scored[0]?.summary).toContain(`left no artifact mlops-churn`);
    expect(checks.get("mlops / churn")).toMatchObject({ conclusion: "failure" });
    expect(checks.get("mlops")?.conclusion).toBe("failure");
  });

  it("of a fork's repository is none of this repository's run", async () => {
    const story = await trustedStory({ files, fromFork: true });
    const { event } = await story.untrusted({});
    story.leaveInFork("mlops-churn", zip);
    const { scored } = await story.workflow(event);
    expect(scored).toMatchObject([{ verdict: "fail", reason_code: "artifact_missing" }]);
  });
});

describe("a run that ended", () => {
  const files = { "model.yml": lower };

  it("for a commit that is no pull request's head any more changes nothing", async () => {
    const story = await trustedStory({ files });
    const { event } = await story.untrusted({ "mlops-churn": zip });
    story.push({ "README.md": "later\n" });
    const { planned, scored, checks, comments, result } = await story.workflow(event);
    expect(planned).toMatchObject({ outcome: { verdict: "skipped", reason_code: "nothing_to_plan" } });
    expect([scored, comments, [...checks]]).toEqual([[], [], []]);
    expect(result.summary).toContain("no open pull request into main has the commit");
  });

  it("on a push, whatever it left, changes nothing", async () => {
    const story = await trustedStory({ files });
    const { event } = await story.untrusted({ "mlops-churn": zip }, { event: "push" });
    const { checks, result } = await story.workflow(event);
    expect([...checks]).toEqual([]);
    expect(result.summary).toContain("the run was started by push");
  });

  it("is for the pull request into the default branch, where its commit is the head of another one too", async () => {
    const story = await trustedStory({ files });
    const other = await story.secondPull();
    const { event } = await story.untrusted({ "mlops-churn": zip });
    const { comments } = await story.workflow(event);
    expect(comments).toHaveLength(1);
    expect(await story.commentsOn(other)).toEqual([]);
  });

  it("for a merge group is judged by its commit, and compared with what it is built on", async () => {
    const story = await trustedStory({ files });
    const { event } = await story.untrusted({ "mlops-churn": zip }, { event: "merge_group" });
    const { scored, checks, comments } = await story.workflow(event);
    expect(scored).toMatchObject([{ verdict: "pass", trust: "rescored" }]);
    expect(comments).toEqual([]);
    expect(checks.get("mlops")?.conclusion).toBe("success");
    expect(checks.get("mlops / approval")?.title).toBe("Decided on the pull request");
  });

  it("for a merge group is compared with the group before it, which GitHub names in its branch", async () => {
    const story = await trustedStory({ files: {} });
    const first = story.push({ "model.yml": lower });
    const second = story.push({ "README.md": "nothing of a model\n" });
    const group = (sha: string, base: string) =>
      story.untrusted({}, { event: "merge_group", sha, branch: `gh-readonly-queue/main/pr-7-${base}` });
    const { planned } = await story.workflow((await group(second, first)).event);
    expect(planned).toMatchObject({ outcome: { reason_code: "no_model_touched" }, file: { from_sha: first } });
    // A name of another form, or of a commit that is not below it, counts too much rather than too little.
    const odd = await story.workflow((await group(second, "0".repeat(40))).event);
    expect(odd.planned).toMatchObject({ outcome: { reason_code: "models_touched" } });
  });

  it("whose scoring job broke off is told as failed", async () => {
    const story = await trustedStory({ files });
    const { event } = await story.untrusted({ "mlops-churn": zip });
    const { checks } = await story.workflow(event, { broken: true });
    const title = "No report: the job that scores this model left no result of this commit";
    expect(checks.get("mlops / churn")).toMatchObject({ conclusion: "failure", title });
    expect(checks.get("mlops / churn")?.summary).toMatch(/look at its job in the run[^\n]*\n\n\[The run\]\(http/);
    expect(checks.get("mlops")).toMatchObject({ conclusion: "failure", title });
  });
});
