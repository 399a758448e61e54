import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { listPushers } from "../../src/github/activity.ts";
import type { Api } from "../../src/github/api.ts";
import { downloadArtifact, listArtifacts, listArtifactsNamed } from "../../src/github/artifacts.ts";
import { writeChecks } from "../../src/github/checks.ts";
import { addComment, addReaction, deleteComment, getComment, updateComment } from "../../src/github/comments.ts";
import { readConversation } from "../../src/github/conversation.ts";
import { setDeploymentState, startDeployment } from "../../src/github/deployments.ts";
import { dispatchRepository, dispatchWorkflow } from "../../src/github/dispatches.ts";
import type { Endpoint } from "../../src/github/endpoints.ts";
import { commitFiles, createTag, getTag, listTree } from "../../src/github/git-objects.ts";
import { closeIssues, upsertIssue } from "../../src/github/issues.ts";
import { getAccess, listTeamsOf, whoAmI } from "../../src/github/people.ts";
import type { Permissions } from "../../src/github/permissions.ts";
import { findPullByHead, getPull, listChangedFiles, listPullsOfCommit, upsertPull } from "../../src/github/pulls.ts";
import { deleteRef, getRef, listRefs } from "../../src/github/refs.ts";
import { publishRelease } from "../../src/github/releases.ts";
import { compareCommits, getRepository, readFileAt } from "../../src/github/repository.ts";
import { getRun, listRuns, rerun } from "../../src/github/runs.ts";
import { hasCode } from "../../src/kit/has-code.ts";
import { pushFiles } from "../../src/rehearsal/administration/commit-files.ts";
import { addTeam, personActor } from "../../src/rehearsal/administration/people.ts";
import { finishRun, saveArtifact, startRun } from "../../src/rehearsal/administration/runs.ts";
import type { EmbeddedGitHub } from "../../src/rehearsal/serve-github.ts";
import { actionsBotId } from "../../src/rehearsal/state/accounts.ts";
import { aPull, aRepository } from "./builders/rehearsal.ts";
import { anEmbeddedGitHub } from "./embedded-github.ts";
import { idOf, jobApi, memberApi, personApi } from "./github-api.ts";
import { scratchFolder } from "./scratch.ts";

// What src/github asks of GitHub, function by function, with the endpoints that each uses, and a world to ask it in.

export interface World {
  server: EmbeddedGitHub;
  number: number;
  head: string;
  runId: number;
  commentId: number;
  folder: string;
}

export interface Use {
  what: string;
  uses: readonly Endpoint[];
  ask(api: Api, world: World): Promise<unknown>;
}

const repo = "/repos/{owner}/{repo}" as const;
const text = new TextEncoder().encode("text");

export const uses: readonly Use[] = [
  {
    what: "adds a comment",
    uses: [`POST ${repo}/issues/{issue_number}/comments`],
    ask: (api, { number }) => addComment(api, number, "hello"),
  },
  {
    what: "reads a comment",
    uses: [`GET ${repo}/issues/comments/{comment_id}`],
    ask: (api, { commentId }) => getComment(api, commentId),
  },
  {
    what: "changes a comment",
    uses: [`PATCH ${repo}/issues/comments/{comment_id}`],
    ask: (api, { commentId }) => updateComment(api, commentId, "other"),
  },
  {
    what: "deletes a comment",
    uses: [`DELETE ${repo}/issues/comments/{comment_id}`],
    ask: (api, { commentId }) => deleteComment(api, commentId),
  },
  {
    what: "reacts",
    uses: [`POST ${repo}/issues/comments/{comment_id}/reactions`],
    ask: (api, { commentId }) => addReaction(api, commentId, "eyes"),
  },
  {
    what: "reads a conversation",
    uses: [`GET ${repo}/issues/{issue_number}/comments`, `GET ${repo}/pulls/{pull_number}/reviews`, "POST /graphql"],
    ask: (api, { number }) => readConversation(api, number, () => true),
  },
  {
    what: "reads a pull request",
    uses: [`GET ${repo}/pulls/{pull_number}`],
    ask: (api, { number }) => getPull(api, number),
  },
  {
    what: "lists changed files",
    uses: [`GET ${repo}/pulls/{pull_number}/files`],
    ask: (api, { number }) => listChangedFiles(api, number),
  },
  {
    what: "finds the pull requests of a commit",
    uses: [`GET ${repo}/commits/{commit_sha}/pulls`],
    ask: (api, { head }) => listPullsOfCommit(api, head),
  },
  {
    what: "finds a pull request by its head",
    uses: [`GET ${repo}/pulls`],
    ask: (api, { head }) =>
      findPullByHead(api, { sha: head, repository: "acme/income", branch: "change", base: "main" }),
  },
  {
    what: "opens a pull request and brings it up to date",
    uses: [`GET ${repo}/pulls`, `POST ${repo}/pulls`, `PATCH ${repo}/pulls/{pull_number}`],
    ask: async (api) => {
      const proposal = { branch: "mlops/x", base: "main", title: "Retrain", body: "why" };
      await upsertPull(api, proposal);
      await upsertPull(api, { ...proposal, body: "more" });
    },
  },
  {
    what: "files, changes and closes an issue",
    uses: [`GET ${repo}/issues`, `POST ${repo}/issues`, `PATCH ${repo}/issues/{issue_number}`],
    ask: async (api) => {
      const issue = {
        key: "drift",
        author: actionsBotId,
        title: "Drift",
        body: "age",
        labels: ["mlops"] as const,
      };
      await upsertIssue(api, issue);
      await closeIssues(api, issue);
    },
  },
  {
    what: "writes a check",
    uses: [
      `GET ${repo}/commits/{ref}/check-runs`,
      `POST ${repo}/check-runs`,
      `PATCH ${repo}/check-runs/{check_run_id}`,
    ],
    ask: async (api, { head }) => {
      const check = { name: "mlops", key: "1", title: "t", summary: "s", annotations: [] };
      await writeChecks(api, head, [{ ...check, conclusion: null }]);
      await writeChecks(api, head, [{ ...check, conclusion: "success" }]);
    },
  },
  {
    what: "commits files to a new branch and to an old one",
    uses: [
      `GET ${repo}/git/ref/{ref}`,
      `GET ${repo}/git/commits/{commit_sha}`,
      `POST ${repo}/git/blobs`,
      `POST ${repo}/git/trees`,
      `POST ${repo}/git/commits`,
      `POST ${repo}/git/refs`,
      `PATCH ${repo}/git/refs/{ref}`,
    ],
    ask: async (api) => {
      const change = { ref: "refs/heads/reports", message: "charts", files: new Map([["a", text]]) };
      await commitFiles(api, change);
      await commitFiles(api, { ...change, files: new Map([["b", text]]) });
    },
  },
  { what: "lists refs", uses: [`GET ${repo}/git/matching-refs/{ref}`], ask: (api) => listRefs(api, "refs/heads/") },
  {
    what: "deletes a ref",
    uses: [`DELETE ${repo}/git/refs/{ref}`],
    ask: (api) => deleteRef(api, "refs/heads/mlops/x"),
  },
  { what: "lists a tree", uses: [`GET ${repo}/git/trees/{tree_sha}`], ask: (api, { head }) => listTree(api, head) },
  {
    what: "tags and reads the tag",
    uses: [
      `POST ${repo}/git/tags`,
      `POST ${repo}/git/refs`,
      `GET ${repo}/git/ref/{ref}`,
      `GET ${repo}/git/tags/{tag_sha}`,
    ],
    ask: async (api, { head }) => {
      await createTag(api, { name: "income@v1", message: "first", commitSha: head });
      await getTag(api, (await getRef(api, "refs/tags/income@v1"))?.sha ?? "");
    },
  },
  { what: "reads the repository", uses: [`GET ${repo}`], ask: (api) => getRepository(api) },
  {
    what: "reads a file",
    uses: [`GET ${repo}/contents/{path}`],
    ask: (api, { head }) => readFileAt(api, "model.yml", head),
  },
  {
    what: "compares commits",
    uses: [`GET ${repo}/compare/{basehead}`],
    ask: (api, { head }) => compareCommits(api, "main", head),
  },
  {
    what: "lists who pushed",
    uses: [`GET ${repo}/activity`],
    ask: (api, { head }) => listPushers(api, { repository: "acme/income", branch: "change", sha: head, baseSha: head }),
  },
  {
    what: "reads access",
    uses: [`GET ${repo}/collaborators/{username}/permission`],
    ask: (api, { server }) => getAccess(api, { login: "mona", id: idOf(server, "mona") }),
  },
  {
    what: "reads teams",
    uses: ["GET /orgs/{org}/teams/{team_slug}/memberships/{username}"],
    ask: (api) => listTeamsOf(api, "rita", ["acme/product"]),
  },
  { what: "knows itself", uses: ["POST /graphql"], ask: (api) => whoAmI(api) },
  {
    what: "publishes a release, of which an earlier try left other bytes",
    uses: [
      `GET ${repo}/releases/tags/{tag}`,
      `GET ${repo}/releases`,
      `POST ${repo}/releases`,
      `PATCH ${repo}/releases/{release_id}`,
      `GET ${repo}/releases/{release_id}/assets`,
      `POST ${repo}/releases/{release_id}/assets`,
      `DELETE ${repo}/releases/assets/{asset_id}`,
    ],
    ask: async (api, { head, folder }) => {
      const [path, missing] = [join(folder, "model.onnx"), join(folder, "missing")];
      const release = { tag: "income@v2", commitSha: head, name: "2", body: "card", isPrerelease: false };
      await writeFile(path, "weights");
      const broken = [path, missing].map((file) => ({ name: basename(file), path: file }));
      await publishRelease(api, { ...release, files: broken }).catch((error: unknown) => {
        if (!hasCode(error, "ENOENT")) throw error;
      });
      await writeFile(path, "other weights");
      await publishRelease(api, { ...release, files: broken.slice(0, 1) });
    },
  },
  {
    what: "deploys",
    uses: [
      `GET ${repo}/deployments`,
      `POST ${repo}/deployments`,
      `GET ${repo}/deployments/{deployment_id}/statuses`,
      `POST ${repo}/deployments/{deployment_id}/statuses`,
    ],
    ask: async (api, { head }) => {
      const request = {
        ref: "change",
        sha: head,
        environment: "staging/income",
        isProduction: false,
        description: "d",
      };
      const { id } = await startDeployment(api, request);
      await setDeploymentState(api, id, { state: "success", description: "serves" });
    },
  },
  {
    what: "lists runs of a commit",
    uses: [`GET ${repo}/actions/runs`],
    ask: async (api, { head }) => listRuns(api, { headSha: head, event: "pull_request" }),
  },
  {
    what: "lists artifacts of a name",
    uses: [`GET ${repo}/actions/artifacts`],
    ask: async (api) => listArtifactsNamed(api, "mlops-decisions-1.json"),
  },
  {
    what: "starts a run again",
    uses: [`GET ${repo}/actions/runs/{run_id}`, `POST ${repo}/actions/runs/{run_id}/rerun`],
    ask: async (api, { runId }) => {
      const run = await getRun(api, runId);
      if (run !== null) await rerun(api, run);
    },
  },
  {
    what: "downloads an artifact",
    uses: [
      `GET ${repo}/actions/runs/{run_id}/artifacts`,
      `GET ${repo}/actions/artifacts/{artifact_id}/{archive_format}`,
    ],
    ask: async (api, { runId, folder }) => {
      const [artifact] = await listArtifacts(api, runId);
      if (artifact !== undefined)
        await downloadArtifact(api, { artifact, path: join(folder, "a.zip"), mostBytes: 100 });
    },
  },
  {
    what: "dispatches to the repository",
    uses: [`POST ${repo}/dispatches`],
    ask: (api) => dispatchRepository(api, "mlops", { model: "income" }),
  },
  {
    what: "dispatches a workflow",
    uses: [`POST ${repo}/actions/workflows/{workflow_id}/dispatches`],
    ask: (api) => dispatchWorkflow(api, { workflow: "mlops.yml", ref: "main", inputs: { model: "income" } }),
  },
];

/** A private repository, in which reading needs permissions too, with something of everything. */
export async function aWorld(): Promise<World> {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server, { private: true, actions_may_open_pulls: true });
  const { number, head } = await aPull(server);
  const mona = personActor(server.github, "mona");
  const workflow = "on:\n  workflow_dispatch:\n    inputs:\n      model: {}\n";
  pushFiles(server.github, repository, {
    branch: "main",
    files: { ".github/workflows/mlops.yml": workflow },
    actor: mona,
  });
  pushFiles(server.github, repository, { branch: "mlops/x", files: { a: "1" }, actor: mona });
  addTeam(server.github, "acme", "product", { rita: "member", mona: "maintainer" });
  const wanted = { path: ".github/workflows/mlops.yml", event: "pull_request", head_sha: head, actor: "hubot" };
  const run = finishRun(server.github, repository, startRun(server.github, repository, wanted), "success");
  saveArtifact(server.github, repository, { run, name: "evidence", bytes: text });
  const { id } = await addComment(personApi(server, "rita"), number, "hello");
  return { server, number, head, runId: run.id, commentId: id, folder: await scratchFolder() };
}

export function apiWith({ server }: World, permissions: Permissions): Api {
  return permissions.members === undefined ? jobApi(server, permissions) : memberApi(server);
}
