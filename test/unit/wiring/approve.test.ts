import { describe, expect, it } from "vitest";
import * as z from "zod";
import { listChecks } from "../../../src/github/checks.ts";
import { addComment, deleteComment, listComments, updateComment } from "../../../src/github/comments.ts";
import { sha256 } from "../../../src/kit/digest.ts";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { addTeam, personActor } from "../../../src/rehearsal/administration/people.ts";
import { forkRepository } from "../../../src/rehearsal/administration/repositories.ts";
import { saveArtifact, startRun } from "../../../src/rehearsal/administration/runs.ts";
import { jobToken } from "../../../src/rehearsal/administration/tokens.ts";
import { refMoved } from "../../../src/rehearsal/events/ref-moved.ts";
import { noCommit, setRef } from "../../../src/rehearsal/git/refs.ts";
import { resolveCommit } from "../../../src/rehearsal/git/resolve.ts";
import { actionsApp } from "../../../src/rehearsal/state/accounts.ts";
import { fullName } from "../../../src/rehearsal/state/repository.ts";
import { conversationStory } from "../../support/builders/conversation.ts";
import { aMetric, anEvaluation } from "../../support/builders/evaluation.ts";
import { at } from "../../support/builders/rehearsal.ts";
import { clientOf, clientOfPerson } from "../../support/embedded-github.ts";
import { jobApi, personApi } from "../../support/github-api.ts";
import { hostileTexts } from "../../support/hostile.ts";

const plain = { charts: false };
const better = anEvaluation({ metrics: { ...anEvaluation().metrics, roc_auc: aMetric(0.93) } });

describe("a comment with a command", () => {
  it("is approved by the right person after the wrong ones were refused, each with one reply", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    expect(await story.approval()).toBe("action_required: 0 of 1 approvals");
    expect(await story.says("hubot", "/approve")).toContain("does not count: hubot opened the pull request");
    expect(await story.says("stranger", "/approve")).toContain(
      "stranger has none of the roles that approve here: writer",
    );
    expect(await story.approval()).toBe("action_required: 0 of 1 approvals");
    const said = await story.says("rita", `/approve ${await story.digest()} looks fine`);
    expect(said).toMatch(
      /^To \[rita\]\(.*#issuecomment-\d+\): The approval of \*\*income\*\* `[0-9a-f]{12}` counts, as writer\. Nothing more is needed\.$/,
    );
    expect(await story.approval()).toBe("success: Approved");
    expect(await story.answers()).toHaveLength(3);
  });

  it("is seen at once, and its reaction says whether it counts", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    const reactions = async (login: string, body: string) => {
      const comment = await story.writes(login, body);
      await story.delivers(comment);
      const { data } = await clientOf(
        story.server,
        jobToken(story.server.github, { repository: "acme/income", permissions: { pull_requests: "read" } }),
      ).rest.reactions.listForIssueComment({ ...at, comment_id: comment.id });
      return data.map(({ content }) => content);
    };
    expect(await reactions("rita", "/approve")).toEqual(["eyes", "+1"]);
    expect(await reactions("hubot", "/approve")).toEqual(["eyes", "confused"]);
    expect(await reactions("hubot", "/aprove")).toEqual(["eyes", "confused"]);
    expect(await reactions("hubot", "/status")).toEqual(["eyes"]);
    expect(await reactions("rita", "nice work")).toEqual([]);
  });

  it("that is delivered twice is answered once", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    const comment = await story.writes("rita", "/approve");
    await story.delivers(comment);
    await story.delivers(comment);
    expect(await story.answers()).toHaveLength(1);
  });

  it("that is gone before its job begins asks for nothing", async () => {
    const story = await conversationStory();
    await story.decides(story.head);
    const comment = await story.writes("rita", "/approve");
    await deleteComment(personApi(story.server, "rita"), comment.id);
    await story.delivers(comment);
    expect(await story.answers()).toEqual([]);
    expect(await story.approval()).toBe("action_required: 0 of 1 approvals");
  });

  it("whose job was dropped is answered by the next one", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    const [dropped, next] = [await story.writes("rita", "/approve"), await story.writes("mona", "/status")];
    await story.delivers(next);
    expect(await story.answerTo(dropped.id)).toContain("counts, as writer");
    expect(await story.answerTo(next.id)).toContain("writer 1 of 1: rita");
  });

  it("asks, and is told", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    expect(await story.says("stranger", "/help")).toContain("- `/approve` approves the report that you see");
    expect(await story.says("stranger", "/status")).toContain("- ⬜ writer 0 of 1");
    await story.says("hubot", "/approve");
    expect(await story.says("stranger", "/why")).toMatch(
      /What does not count:\n\n- approval of income by hubot: hubot opened/,
    );
  });

  it("is of no use before there is a report, and says so", async () => {
    const story = await conversationStory();
    expect(await story.says("rita", "/approve")).toContain(
      "does not count: the newest commit has no report that can be approved",
    );
    expect(await story.approval()).toBe("action_required: No report to approve yet");
  });

  it("starts the run again for whoever may, and the starter is nobody who is refused for it", async () => {
    const story = await conversationStory();
    const runId = story.nextRun();
    await story.publish({ ...plain, runId });
    expect(await story.says("rita", "/rerun")).toContain("Its run is still going");
    const run = story.repository.runs.get(runId);
    if (run === undefined) throw new Error("no run");
    story.repository.runs.put({ ...run, status: "completed", conclusion: "success" });
    // Of other pull requests at the same commit, one of them from a fork's branch of the same name.
    const { path, event, head_sha, actor } = run;
    const fork = fullName(forkRepository(story.server.github, story.repository, "stranger").facts);
    for (const other of [{ head_branch: "copy" }, { head_branch: "change", head_repository: fork }])
      startRun(story.server.github, story.repository, { path, event, head_sha, actor, ...other });
    expect(await story.says("stranger", "/rerun")).toContain("stranger may not start runs here");
    expect(await story.says("rita", "/rerun")).toContain("The run was started again");
    expect(story.repository.runs.get(runId)).toMatchObject({ run_attempt: 2, triggering_actor: "github-actions[bot]" });
    await story.publish({ ...plain, runId, attempt: 2 });
    expect(await story.says("rita", "/approve")).toContain("counts");
  });

  it("on an issue, or without a command, asks nothing of GitHub", async () => {
    const story = await conversationStory();
    const before = story.server.requests.length;
    const comment = { id: 1, body: "/approve" };
    const onIssue = await story.job({ action: "created", issue: { number: 1 }, comment });
    const talk = await story.job({
      action: "created",
      issue: { number: 1, pull_request: {} },
      comment: { id: 1, body: "I approve" },
    });
    expect([onIssue.outputs.reasonCode, talk.outputs.reasonCode]).toEqual(["nothing_asked", "nothing_asked"]);
    expect(story.server.requests.length).toBe(before);
  });
});

describe("an approval", () => {
  it("is kept when a rerun finds equal numbers, and void after other ones, with a reply that says what changed", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    await story.says("rita", "/approve");
    await story.publish(plain);
    expect(await story.approval()).toBe("success: Approved");
    await story.publish({ ...plain, evaluation: better });
    expect(await story.approval()).toBe("action_required: 0 of 1 approvals");
    const told = (await listComments(story.reader, story.number)).filter(({ body }) => body.includes('"key":"void:'));
    expect(told).toHaveLength(1);
    expect(told[0]?.body).toMatch(
      /The approval of rita for \*\*income\*\* `[0-9a-f]{12}` no longer counts\. What changed:\n\n- roc\\?_auc: 0\.905 → 0\.93/,
    );
  });

  it("is void after a push, before the new report and after it", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    await story.says("rita", "/approve");
    const head = story.pushes("hubot");
    expect(await story.says("mona", "/status")).toContain("no report to approve yet");
    expect(await story.approval(head)).toBe("action_required: No report to approve yet");
    await story.publish({ ...plain, headSha: head });
    expect(await story.approval(head)).toBe("action_required: 0 of 1 approvals");
    expect(await story.says("rita", "/approve")).toContain("counts");
    expect(await story.approval(head)).toBe("success: Approved");
  });

  it("that is edited or deleted no longer counts as soon as GitHub tells of it", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    const edited = await story.writes("rita", "/approve");
    await story.delivers(edited);
    expect(await story.approval()).toBe("success: Approved");
    await updateComment(personApi(story.server, "rita"), edited.id, "not yet");
    await story.job({
      action: "edited",
      issue: { number: story.number, pull_request: {} },
      comment: { id: edited.id, body: "not yet" },
      changes: { body: { from: "/approve" } },
    });
    expect(await story.approval()).toBe("action_required: 0 of 1 approvals");
    const deleted = await story.writes("rita", "/approve");
    await story.delivers(deleted);
    expect(await story.approval()).toBe("success: Approved");
    await deleteComment(personApi(story.server, "rita"), deleted.id);
    await story.delivers(deleted, "deleted");
    expect(await story.approval()).toBe("action_required: 0 of 1 approvals");
  });

  it("by a review counts for its commit alone, and is answered", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    story.clock.advance(200);
    const review = await clientOfPerson(story.server, "rita").rest.pulls.createReview({
      ...at,
      pull_number: story.number,
      event: "APPROVE",
    });
    const run = {
      event: "pull_request_review",
      head_sha: story.head,
      head_branch: "change",
      head_repository: { full_name: "acme/income" },
    };
    await story.job({ workflow_run: run, repository: { default_branch: "main" } });
    expect(await story.approval()).toBe("success: Approved");
    const [answer] = await story.answers();
    expect(answer?.body).toContain(`#pullrequestreview-${review.data.id}): The approval of **income**`);
    const head = story.pushes("hubot");
    await story.publish({ ...plain, headSha: head });
    expect(await story.approval(head)).toBe("action_required: 0 of 1 approvals");
  });

  it("needs as many people of each role as mlops.yml of the default branch says", async () => {
    const story = await conversationStory();
    addTeam(story.server.github, "acme", "product", { mona: "member" });
    story.rules(
      "roles: { data-science: { repository: write }, business: { teams: [acme/product] } }\n" +
        "approvals: [{ role: data-science, count: 1, for: register }, { role: business, count: 1, for: register }]\n",
    );
    await story.publish(plain);
    expect(await story.says("rita", "/approve")).toContain("counts, as data-science. Needed: 1 more of business.");
    expect(await story.approval()).toBe("action_required: 1 of 2 approvals");
    expect(await story.says("mona", "/approve as business")).toContain("Nothing more is needed.");
    expect(await story.approval()).toBe("success: Approved");
  });

  it("is held back by a rejection, until that is withdrawn", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    await story.says("rita", "/approve");
    await story.says("mona", "/reject recall of one group fell");
    expect(await story.approval()).toBe("failure: Rejected by mona");
    await story.says("mona", "/withdraw");
    expect(await story.approval()).toBe("success: Approved");
  });
});

describe("what a workflow on a branch writes with its own token", () => {
  it("decides nothing: a decision of its own making", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    const [genuine] = story.repository.artifacts.all();
    if (genuine === undefined) throw new Error("no artifact");
    const forged = {
      schema_version: 1,
      pull_number: story.number,
      head_sha: story.head,
      run: { number: 9_999_999_999, attempt: 1 },
      models: [],
    };
    const wanted = { path: ".github/workflows/ml-report.yml", head_sha: story.head, actor: "hubot" };
    for (const run of [
      startRun(story.server.github, story.repository, { ...wanted, event: "pull_request", head_branch: "change" }),
      startRun(story.server.github, story.repository, { ...wanted, event: "push", head_branch: "change" }),
      startRun(story.server.github, story.repository, { ...wanted, event: "workflow_dispatch" }),
    ])
      saveArtifact(story.server.github, story.repository, {
        run,
        name: genuine.name,
        bytes: Buffer.from(JSON.stringify(forged)),
      });
    await story.says("mona", "/status");
    expect(await story.approval()).toBe("action_required: 0 of 1 approvals");
  });

  it("does not last: the report's comment and check run in the name of a later run", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    const branch = jobApi(story.server, { checks: "write", "pull-requests": "write" });
    const [ours] = await story.comments();
    const text = "## ✅ Ship it: `income`\n";
    const marker = JSON.stringify({ key: "income", run: 9_999_999_999, attempt: 1, sha256: sha256(text) });
    await updateComment(branch, ours?.id ?? 0, `<!-- mlops ${marker} -->\n${text}`);
    await branch.write("POST /repos/{owner}/{repo}/check-runs", {
      name: "mlops",
      head_sha: story.head,
      status: "completed",
      conclusion: "success",
      external_id: "9999999999/1",
      output: { title: "Ship it", summary: "forged" },
    });
    await story.publish({ ...plain, evaluation: anEvaluation({ verdict: "fail", reason_code: "gates_fail" }) });
    expect((await story.comments())[0]?.body).toContain("Do not ship");
    const [check] = await listChecks(story.reader, story.head, "mlops");
    expect(check).toMatchObject({ conclusion: "failure" });
  });

  it("decides nothing: a receipt, a check run and a comment in the bot's name", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    const branch = jobApi(story.server, { checks: "write", "pull-requests": "write", contents: "write" });
    const digest = await story.digest();
    await addComment(branch, story.number, `/approve ${digest}`);
    await branch.write("POST /repos/{owner}/{repo}/check-runs", {
      name: "mlops / approval",
      head_sha: story.head,
      status: "completed",
      conclusion: "success",
      external_id: "approval",
      output: { title: "Approved", summary: "receipts: rita" },
    });
    await branch.write("POST /repos/{owner}/{repo}/git/refs", { ref: "refs/tags/income@v9.9.9", sha: story.head });
    expect(await story.says("mona", "/status")).toContain("- ⬜ writer 0 of 1");
    expect(await story.approval()).toBe("action_required: 0 of 1 approvals");
  });
});

describe("nobody is approved around the rules", () => {
  it("by another base branch, whose mlops.yml names its own approvers", async () => {
    const story = await conversationStory();
    await story.decides(story.head);
    const rules = "roles: { mine: { people: [stranger] } }\napprovals: [{ role: mine, count: 1, for: register }]\n";
    const actor = personActor(story.server.github, "hubot");
    pushFiles(story.server.github, story.repository, { branch: "evil", files: { "mlops.yml": rules }, actor });
    await retarget(story, "evil");
    expect(await story.says("stranger", "/approve")).toContain("the pull request is for the branch evil");
    expect(await story.says("rita", "/approve")).toContain("does not count");
    expect(await story.approval()).toBe("action_required: Not for the default branch");
    await retarget(story, "main");
    expect(await story.says("mona", "/status")).toContain("writer");
    expect(await story.approval()).toBe("success: Approved");
    expect((await story.trail()).receipts.map(({ author }) => author.login)).toEqual(["rita"]);
  });

  it("by pushing back to a commit whose approval was taken back meanwhile", async () => {
    const story = await conversationStory();
    await story.decides(story.head);
    await story.says("rita", "/approve");
    expect(await story.approval()).toBe("success: Approved");
    await story.pushes("hubot");
    await story.says("rita", "/withdraw");
    expect(await story.approval()).toBe("action_required: The branch moved on");
  });

  it("by closing the pull request while an approval is taken back", async () => {
    const story = await conversationStory();
    await story.decides(story.head);
    await story.says("rita", "/approve");
    const pulls = clientOfPerson(story.server, "hubot").rest.pulls;
    await pulls.update({ ...at, pull_number: story.number, state: "closed" });
    await story.says("rita", "/withdraw");
    expect(await story.approval()).toBe("action_required: 0 of 1 approvals");
  });

  it("by a tag that is called as the default branch", async () => {
    const story = await conversationStory();
    await story.decides(story.head);
    await story.says("rita", "/approve");
    const read = story.server.requests.filter(({ path }) => path.includes("/contents/mlops.yml"));
    expect(read.length).toBeGreaterThan(0);
    for (const { path } of read)
      expect(new URL(path, "http://localhost").searchParams.get("ref")).toBe("refs/heads/main");
  });

  it("by somebody whose workflow pushed as a bot, unless mlops.yml trusts that bot", async () => {
    const story = await conversationStory();
    const branch = jobApi(story.server, { contents: "write" });
    const { object } = z
      .object({ object: z.object({ sha: z.string() }) })
      .parse(await branch.read("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref: "heads/change" }));
    const commit = z
      .object({ tree: z.object({ sha: z.string() }) })
      .parse(await branch.read("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", { commit_sha: object.sha }));
    const body = { message: "mine", tree: commit.tree.sha, parents: [object.sha] };
    const { sha } = z
      .object({ sha: z.string() })
      .parse(await branch.write("POST /repos/{owner}/{repo}/git/commits", body));
    await branch.write("PATCH /repos/{owner}/{repo}/git/refs/{ref}", { ref: "heads/change", sha });
    await story.decides(sha);
    expect(await story.says("rita", "/approve")).toContain("had a hand in the change");
    expect(await story.approval(sha)).toBe("action_required: 0 of 1 approvals");
    story.rules("bots: ['github-actions[bot]']\n");
    await story.decides(sha);
    expect(await story.says("rita", "/approve")).toContain("counts");
  });

  it("by what another workflow of the default branch leaves under the name of a decision", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    const [genuine] = story.repository.artifacts.all();
    if (genuine === undefined) throw new Error("no artifact");
    const { github } = story.server;
    const head_sha = resolveCommit(story.repository.git, "main") ?? "";
    const wanted = { path: ".github/workflows/coverage.yml", event: "workflow_run", head_sha, actor: "hubot" };
    const run = startRun(github, story.repository, wanted);
    const file = {
      schema_version: 1,
      pull_number: story.number,
      head_sha: story.head,
      run: { number: 9_999_999_999, attempt: 1 },
      models: [],
    };
    saveArtifact(github, story.repository, { run, name: genuine.name, bytes: Buffer.from(JSON.stringify(file)) });
    await story.says("mona", "/status");
    expect(await story.approval()).toBe("action_required: 0 of 1 approvals");
  });

  it("by dismissing the review in which somebody asked for changes", async () => {
    const story = await conversationStory();
    await story.decides(story.head);
    await story.says("rita", "/approve");
    story.clock.advance(200);
    const client = clientOfPerson(story.server, "rita").rest.pulls;
    const about = { ...at, pull_number: story.number };
    const { data } = await client.createReview({ ...about, event: "REQUEST_CHANGES", body: "no" });
    await story.says("mona", "/status");
    expect(await story.approval()).toBe("failure: Rejected by rita");
    const other = clientOfPerson(story.server, "mona").rest.pulls;
    await other.dismissReview({ ...about, review_id: data.id, message: "fine" });
    await story.says("mona", "/status");
    expect(await story.approval()).toBe("action_required: 0 of 1 approvals");
  });

  it("by rules that were less when the report was made", async () => {
    const story = await conversationStory();
    await story.publish(plain);
    await story.says("rita", "/approve");
    story.rules("gates: [roc_auc >= 0.99]\n");
    expect(await story.says("mona", "/approve")).toContain(
      "the rules of the default branch have changed since this report",
    );
    expect(await story.approval()).toBe("action_required: The rules changed: run again");
    await story.publish(plain);
    expect(await story.approval()).toBe("action_required: 0 of 1 approvals");
  });

  it("or held back by another pull request at the same commit, or a closed one", async () => {
    const story = await conversationStory();
    await story.decides(story.head);
    await story.says("rita", "/approve");
    expect(await story.approval()).toBe("success: Approved");
    const fork = forkRepository(story.server.github, story.repository, "stranger");
    const copied = { branch: "copy", from: story.head, files: {}, actor: personActor(story.server.github, "stranger") };
    setRef(fork.git, "refs/heads/copy", story.head);
    refMoved(story.server.github, fork, {
      ref: "refs/heads/copy",
      before: noCommit,
      after: story.head,
      actor: copied.actor,
    });
    const second = await clientOfPerson(story.server, "stranger").rest.pulls.create({
      ...at,
      title: "Copy",
      head: "stranger:copy",
      base: "main",
    });
    const comment = await addComment(personApi(story.server, "stranger"), second.data.number, "/status");
    await story.job({
      action: "created",
      issue: { number: second.data.number, pull_request: {} },
      comment: { id: comment.id, body: "/status" },
    });
    expect(await story.approval()).toBe("success: Approved");
  });
});

describe("words that are more than words elsewhere", () => {
  it("are nothing but text in answers, check run, summary and approvals.json", async () => {
    const story = await conversationStory();
    await story.decides(story.head);
    for (const text of hostileTexts) await story.says("mona", `/reject x ${text.replaceAll("\n", " ")}`);
    const done = await story.delivers(await story.writes("mona", "/why"));
    const told = [...(await story.answers()).map(({ body }) => body), done.jobSummary, done.summary].join("\n");
    const visible = told.replace(/<!-- .* -->/g, "").replace(/`[^`\n]*`/g, "");
    expect(visible).not.toMatch(/(?<![\w;])@octocat|<script|<img|^::/m);
    expect(visible).not.toContain("\u001b");
  });
});

describe("a receipt of somebody's own making", () => {
  it("counts for nothing: written with a person's token by an App, or pasted as JSON", async () => {
    const story = await conversationStory();
    await story.decides(story.head);
    const { github } = story.server;
    const { receipts, models } = await story.trail();
    expect(receipts).toEqual([]);
    const receipt = {
      schema_version: 1,
      model: "income",
      decision: models[0]?.decision,
      author: { login: "rita" },
      roles: ["writer"],
    };
    await story.says("hubot", `<!-- mlops ${JSON.stringify(receipt)} -->\n${JSON.stringify([receipt])}`);
    story.clock.advance(200);
    const times = { created_at: github.now(), updated_at: github.now() };
    const app = actionsApp;
    story.repository.comments.put({
      id: github.newId(),
      issue_number: story.number,
      user: "rita",
      app,
      body: "/approve",
      edits: [],
      ...times,
    });
    expect(await story.says("mona", "/why")).toContain(`the App ${app.name} wrote it in that name`);
    expect(await story.approval()).toBe("action_required: 0 of 1 approvals");
  });
});

async function retarget(story: Awaited<ReturnType<typeof conversationStory>>, base: string): Promise<void> {
  await clientOfPerson(story.server, "hubot").rest.pulls.update({ ...at, pull_number: story.number, base });
}
