import { Inputs } from "../../../src/actions/approve/io.ts";
import { type DecisionsFile, decisionsArtifact } from "../../../src/approval/decisions-file.ts";
import { listChecks } from "../../../src/github/checks.ts";
import { addComment, type Comment, listComments } from "../../../src/github/comments.ts";
import { silentLog } from "../../../src/kit/log.ts";
import type { ActionResult } from "../../../src/kit/run-action.ts";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { personActor } from "../../../src/rehearsal/administration/people.ts";
import { saveArtifact, startRun } from "../../../src/rehearsal/administration/runs.ts";
import { resolveCommit } from "../../../src/rehearsal/git/resolve.ts";
import type { Serving } from "../../../src/rehearsal/serve-github.ts";
import { findRepository } from "../../../src/rehearsal/state/github.ts";
import { type ApprovalClients, readStanding } from "../../../src/wiring/approval-standing.ts";
import { approvalsFile } from "../../../src/wiring/approvals-file.ts";
import { approveStep } from "../../../src/wiring/approve.ts";
import { readPolicy } from "../../../src/wiring/branch-policy.ts";
import { defaultReportWorkflow } from "../../../src/wiring/kept-decisions.ts";
import { jobApi, memberApi, personApi } from "../github-api.ts";
import { scratchFolder } from "../scratch.ts";
import { aDecision } from "./approval.ts";
import { publishingStory } from "./published-run.ts";
import { aClock } from "./rehearsal.ts";

/** Smallest permissions of the job that answers comments; `actions: write` is for `/rerun` alone. */
export const answering = { actions: "write", checks: "write", contents: "read", "pull-requests": "write" } as const;

/** A pull request of hubot with people who comment on it: each comment starts a job that answers. */
export async function conversationStory(serving: Partial<Serving> = {}) {
  const clock = aClock("2026-11-28T09:00:00Z");
  const story = await publishingStory({ clock: clock.now, ...serving });
  const { server, number } = story;
  const found = findRepository(server.github, "acme/income");
  if (found === undefined) throw new Error("no repository");
  const repository = found;

  const job = async (event: unknown, clients?: Partial<ApprovalClients>): Promise<ActionResult> => {
    const api = clients?.api ?? jobApi(server, answering);
    const environment = {
      GITHUB_RUN_ID: "1",
      GITHUB_REPOSITORY: "acme/income",
      GITHUB_WORKSPACE: await scratchFolder(),
    };
    const inputs = Inputs.parse({});
    const mayAsk = clients?.mayAsk ?? memberApi(server);
    return approveStep({ inputs, event, environment, log: silentLog, clients: { api, mayAsk } });
  };
  /** A person's comment alone; nobody has answered yet. */
  const writes = async (login: string, body: string): Promise<Comment> => {
    clock.advance(200);
    const comment = await addComment(personApi(server, login), number, body);
    clock.advance(10);
    return comment;
  };
  const delivers = ({ id, body }: Comment, action = "created") =>
    job({ action, issue: { number, pull_request: {} }, comment: { id, body } });
  const says = async (login: string, body: string): Promise<string> => {
    const comment = await writes(login, body);
    await delivers(comment);
    return answerTo(comment.id);
  };
  const everything = () => listComments(story.reader, number);
  const answers = async () => (await everything()).filter(({ body }) => body.includes('"key":"answer:'));
  const answerTo = async (id: number) => {
    const [answer] = (await answers()).filter(({ body }) => body.includes(`"answer:comment-${id}"`));
    return (answer?.body ?? "").split("\n").slice(1).join("\n");
  };
  const pushes = (login: string, files: Readonly<Record<string, string>> = { "train.py": String(clock.now()) }) => {
    clock.advance(60);
    return pushFiles(server.github, repository, { branch: "change", files, actor: personActor(server.github, login) });
  };
  const rules = (text: string) =>
    pushFiles(server.github, repository, {
      branch: "main",
      files: { "mlops.yml": text },
      actor: personActor(server.github, "mona"),
    });
  /** A run of the default branch decides on a commit, without all that a report costs. */
  const decides = async (sha: string): Promise<void> => {
    const head_sha = resolveCommit(repository.git, "main") ?? "";
    const wanted = { path: ".github/workflows/ml-report.yml", event: "workflow_run", head_sha, actor: "hubot" };
    const run = startRun(server.github, repository, wanted);
    const { facts } = aDecision({
      head_sha: sha,
      policy_sha256: (await readPolicy(jobApi(server, answering), "main")).digest,
    });
    const evidence = { number: story.nextRun(sha), attempt: 1 };
    const models = [{ model: "income", facts }];
    const file: DecisionsFile = { schema_version: 1, pull_number: number, head_sha: sha, run: evidence, models };
    const bytes = Buffer.from(JSON.stringify(file));
    saveArtifact(server.github, repository, { run, name: decisionsArtifact(number), bytes });
  };
  const trail = async () => {
    const api = jobApi(server, answering);
    return approvalsFile(
      await readStanding({ api, mayAsk: api }, { pullNumber: number, reportWorkflow: defaultReportWorkflow }),
    );
  };
  /** Conclusion and title of `mlops / approval` on a commit. */
  const approval = async (sha: string = story.head): Promise<string> => {
    const [check] = await listChecks(story.reader, sha, "mlops / approval");
    return check === undefined ? "none" : `${check.conclusion}: ${check.title}`;
  };
  const digest = async () => /`\/approve ([0-9a-f]{12})`/.exec((await story.comments())[0]?.body ?? "")?.[1] ?? "";
  return {
    ...story,
    repository,
    clock,
    job,
    writes,
    delivers,
    says,
    answers,
    answerTo,
    pushes,
    rules,
    decides,
    trail,
    approval,
    digest,
  };
}
