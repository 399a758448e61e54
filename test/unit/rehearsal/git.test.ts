import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { personActor } from "../../../src/rehearsal/administration/people.ts";
import { aForkPull, aJob, aRepository, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../../support/embedded-github.ts";
import { scratchFolder } from "../../support/scratch.ts";

const contents = { contents: "write" } as const;

it("makes a commit out of blobs and trees that any git can clone and read", async () => {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server);
  const { git } = aJob(server, contents).rest;
  const main = await git.getRef({ ...at, ref: "heads/main" });
  const parent = await git.getCommit({ ...at, commit_sha: main.data.object.sha });
  const blob = await git.createBlob({
    ...at,
    content: Buffer.from([0, 255, 1]).toString("base64"),
    encoding: "base64",
  });
  const tree = await git.createTree({
    ...at,
    base_tree: parent.data.tree.sha,
    tree: [
      { path: "models/income/weights.bin", mode: "100644", type: "blob", sha: blob.data.sha },
      { path: "models/income/notes.md", mode: "100644", type: "blob", content: "trained\n" },
    ],
  });
  const commit = await git.createCommit({ ...at, message: "model", tree: tree.data.sha, parents: [parent.data.sha] });
  expect(commit.data).toMatchObject({
    author: { name: "github-actions[bot]", email: "41898282+github-actions[bot]@users.noreply.github.com" },
    verification: { verified: true },
  });
  await git.updateRef({ ...at, ref: "heads/main", sha: commit.data.sha });

  const clone = await scratchFolder();
  execFileSync("git", ["clone", "--quiet", repository.git.path, clone]);
  expect([...readFileSync(join(clone, "models", "income", "weights.bin"))]).toEqual([0, 255, 1]);
  expect(readFileSync(join(clone, "README.md"), "utf8")).toBe("a model\n");
  expect(execFileSync("git", ["rev-parse", "HEAD"], { cwd: clone, encoding: "utf8" }).trim()).toBe(commit.data.sha);
  execFileSync("git", ["fsck", "--strict"], { cwd: repository.git.path, stdio: "pipe" });
});

it("replaces and removes paths of the base tree, files and folders", async () => {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server);
  const actor = personActor(server.github, "mona");
  pushFiles(server.github, repository, { branch: "main", files: { "a/1": "1", "a/2": "2", b: "b" }, actor });
  const { git } = aJob(server, contents).rest;
  const old = await git.getTree({ ...at, tree_sha: "main", recursive: "1" });
  const tree = await git.createTree({
    ...at,
    base_tree: old.data.sha,
    tree: [
      { path: "a/1", mode: "100644", type: "blob", sha: null },
      { path: "b/inside", mode: "100644", type: "blob", content: "now a folder" },
    ],
  });
  const now = await git.getTree({ ...at, tree_sha: tree.data.sha, recursive: "1" });
  expect(now.data.tree.filter(({ type }) => type === "blob").map(({ path }) => path)).toEqual([
    "README.md",
    "a/2",
    "b/inside",
  ]);
});

it.each(["/etc/passwd", "../outside", "a//b", ".git/config", "a/.GIT/hooks/post-receive"])(
  "refuses the path %s in a tree",
  async (path) => {
    const server = await anEmbeddedGitHub();
    aRepository(server);
    const { git } = aJob(server, contents).rest;
    const tree = [{ path, mode: "100644" as const, type: "blob" as const, content: "x" }];
    await expect(git.createTree({ ...at, tree })).rejects.toMatchObject({ status: 422 });
  },
);

it("makes a ref once: a second caller is told that it exists, so that a ref can be a lock", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const { git } = aJob(server, contents).rest;
  const main = await git.getRef({ ...at, ref: "heads/main" });
  const lock = { ...at, ref: "refs/mlops/locks/income", sha: main.data.object.sha };
  const answers = await Promise.allSettled([git.createRef(lock), git.createRef(lock), git.createRef(lock)]);
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(git.createRef(lock)).rejects.toMatchObject({
    status: 422,
    response: { data: { message: "Reference already exists" } },
  });
  await git.deleteRef({ ...at, ref: "mlops/locks/income" });
  await git.createRef(lock);
});

it("moves a branch forward only, unless it is forced", async () => {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server);
  const { git } = aJob(server, contents).rest;
  const before = (await git.getRef({ ...at, ref: "heads/main" })).data.object.sha;
  const actor = personActor(server.github, "mona");
  pushFiles(server.github, repository, { branch: "main", files: { a: "a" }, actor });
  const back = { ...at, ref: "heads/main", sha: before };
  await expect(git.updateRef(back)).rejects.toMatchObject({
    status: 422,
    response: { data: { message: "Update is not a fast forward" } },
  });
  expect((await git.updateRef({ ...back, force: true })).data.object.sha).toBe(before);
});

it("finds refs by the beginning of their names, those with # and @ too, and one ref by its whole name only", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const { git } = aJob(server, contents).rest;
  const sha = (await git.getRef({ ...at, ref: "heads/main" })).data.object.sha;
  for (const tag of ["income@v1.0.0", "income#staging#1", "income#production#2", "other@v1.0.0"])
    await git.createRef({ ...at, ref: `refs/tags/${tag}`, sha });
  const { data: matching } = await git.listMatchingRefs({ ...at, ref: "tags/income" });
  expect(matching.map(({ ref }) => ref)).toEqual([
    "refs/tags/income#production#2",
    "refs/tags/income#staging#1",
    "refs/tags/income@v1.0.0",
  ]);
  expect((await git.getRef({ ...at, ref: "tags/income#staging#1" })).data.ref).toBe("refs/tags/income#staging#1");
  await expect(git.getRef({ ...at, ref: "tags/income" })).rejects.toMatchObject({ status: 404 });
});

it("writes annotated tags, which become tags of the repository by a ref", async () => {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server);
  const { git } = aJob(server, contents).rest;
  const object = (await git.getRef({ ...at, ref: "heads/main" })).data.object.sha;
  const tag = await git.createTag({ ...at, tag: "income@v1.0.0", message: '{"model":"…"}', object, type: "commit" });
  await git.createRef({ ...at, ref: "refs/tags/income@v1.0.0", sha: tag.data.sha });
  const read = await git.getTag({ ...at, tag_sha: tag.data.sha });
  expect(read.data).toMatchObject({ tag: "income@v1.0.0", message: '{"model":"…"}\n', object: { sha: object } });
  const shown = execFileSync("git", ["tag", "--list", "--format=%(contents)"], {
    cwd: repository.git.path,
    encoding: "utf8",
  });
  expect(shown).toContain('{"model":"…"}');
});

it("reads files of a ref as JSON and as bytes, folders as lists, and follows a link inside the commit", async () => {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server);
  const actor = personActor(server.github, "mona");
  pushFiles(server.github, repository, { branch: "main", files: { "conf/mlops.yml": "models: {}\n" }, actor });
  const { repos, git } = clientOfPerson(server, "mona").rest;
  const sha = (await git.getRef({ ...at, ref: "heads/main" })).data.object.sha;
  const tree = await git.createTree({
    ...at,
    base_tree: sha,
    tree: [{ path: "mlops.yml", mode: "120000", type: "blob", content: "conf/mlops.yml" }],
  });
  const commit = await git.createCommit({ ...at, message: "link", tree: tree.data.sha, parents: [sha] });

  const ref = commit.data.sha;
  const { data: file } = await repos.getContent({ ...at, path: "mlops.yml", ref });
  expect(file).toMatchObject({ type: "file", path: "conf/mlops.yml", encoding: "base64" });
  const raw = await repos.getContent({ ...at, path: "conf/mlops.yml", ref, mediaType: { format: "raw" } });
  expect(raw.data).toBe("models: {}\n");
  const { data: folder } = await repos.getContent({ ...at, path: "", ref: "main" });
  expect(folder).toMatchObject([
    { name: "README.md", type: "file" },
    { name: "conf", type: "dir" },
  ]);
  await expect(repos.getContent({ ...at, path: "nothing", ref })).rejects.toMatchObject({ status: 404 });
});

it("compares branches, also with one of a fork", async () => {
  const server = await anEmbeddedGitHub();
  const { head } = await aForkPull(server);
  const { repos } = clientOfPerson(server, "rita").rest;
  const ahead = await repos.compareCommitsWithBasehead({ ...at, basehead: "main...stranger:change" });
  expect(ahead.data).toMatchObject({
    status: "ahead",
    ahead_by: 1,
    behind_by: 0,
    commits: [{ sha: head }],
    files: [{ filename: "model.yml", status: "added", additions: 1, patch: "@@ -0,0 +1 @@\n+name: income" }],
  });
  const same = await repos.compareCommitsWithBasehead({ ...at, basehead: "main...main" });
  expect(same.data).toMatchObject({ status: "identical", files: [] });
  await expect(repos.compareCommitsWithBasehead({ ...at, basehead: "main...nobody:x" })).rejects.toMatchObject({
    status: 404,
  });
});

it("takes a commit for whose its author says it is, as git does", async () => {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server);
  const rita = personActor(server.github, "rita");
  const sha = pushFiles(server.github, repository, {
    branch: "forged",
    files: { a: "a" },
    actor: personActor(server.github, "hubot"),
    author: { name: "rita", email: `${rita.user.id}+rita@users.noreply.github.com` },
  });
  const { repos } = clientOfPerson(server, "mona").rest;
  expect((await repos.getCommit({ ...at, ref: sha })).data.author).toMatchObject({ login: "rita" });
  const activity = await repos.listActivities({ ...at, ref: "forged" });
  expect(activity.data).toMatchObject([{ activity_type: "branch_creation", after: sha, actor: { login: "hubot" } }]);
});
