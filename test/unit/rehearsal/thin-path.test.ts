import { expect, it } from "vitest";
import { jobToken } from "../../../src/rehearsal/administration/tokens.ts";
import { anEmbeddedGitHub, clientOf, clientOfPerson } from "../../support/embedded-github.ts";

it("leads from a new repository over branch, commit and pull request to a comment and a check run", async () => {
  const server = await anEmbeddedGitHub();
  const octocat = clientOfPerson(server, "octocat").rest;
  const at = { owner: "octocat", repo: "income" };
  await octocat.repos.createForAuthenticatedUser({ name: "income" });

  const main = await commit("main", [], { "README.md": "a model\n" });
  const change = await commit("change", [main], { "README.md": "a better model\n" });
  const pull = await octocat.pulls.create({ ...at, title: "Better", head: "change", base: "main" });
  expect(pull.data).toMatchObject({ number: 1, commits: 1, changed_files: 1, mergeable: true, head: { sha: change } });

  const job = clientOf(
    server,
    jobToken(server.github, {
      repository: "octocat/income",
      permissions: { pull_requests: "write", checks: "write" },
    }),
  ).rest;
  await job.issues.createComment({ ...at, issue_number: 1, body: "all gates pass" });
  await job.checks.create({ ...at, name: "mlops", head_sha: change, conclusion: "success" });

  const comments = await octocat.issues.listComments({ ...at, issue_number: 1 });
  expect(comments.data).toMatchObject([
    { body: "all gates pass", user: { login: "github-actions[bot]", id: 41898282 } },
  ]);
  const checks = await octocat.checks.listForRef({ ...at, ref: "change" });
  expect(checks.data).toMatchObject({
    total_count: 1,
    check_runs: [{ name: "mlops", status: "completed", conclusion: "success", pull_requests: [{ number: 1 }] }],
  });

  async function commit(branch: string, parents: string[], files: Record<string, string>): Promise<string> {
    const entries = Object.entries(files).map(([path, content]) => ({
      path,
      content,
      mode: "100644" as const,
      type: "blob" as const,
    }));
    const tree = await octocat.git.createTree({ ...at, tree: entries });
    const made = await octocat.git.createCommit({ ...at, message: "change", tree: tree.data.sha, parents });
    await octocat.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha: made.data.sha });
    return made.data.sha;
  }
});
