import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { findCommit } from "../../../src/git/commits.ts";
import { fetchCommit } from "../../../src/git/fetch-commit.ts";
import { describeUserError, UserError } from "../../../src/kit/user-error.ts";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { personActor } from "../../../src/rehearsal/administration/people.ts";
import { jobToken } from "../../../src/rehearsal/administration/tokens.ts";
import { aForkPull, aRepository } from "../../support/builders/rehearsal.ts";
import { aClone } from "../../support/builders/repository.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";
import { scratchFolder } from "../../support/scratch.ts";

/** A clone of main of a private repository, whose origin knows no credential, and a commit that came later. */
async function aStory() {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server, { private: true });
  const clone = aClone(repository.git.path, join(await scratchFolder(), "clone"));
  const hubot = personActor(server.github, "hubot");
  const sha = pushFiles(server.github, repository, { branch: "change", files: { "a.txt": "1" }, actor: hubot });
  const token = jobToken(server.github, { repository: "acme/income", permissions: { contents: "read" } });
  const address = `${server.github.links.origin}/acme/income`;
  return { server, clone, sha, token, address };
}

/** The arguments of every git that is started, in a file. */
async function listenedGit(): Promise<string> {
  const folder = join(await scratchFolder(), "bin");
  const real = execFileSync("which", ["git"], { encoding: "utf8" }).trim();
  const heard = join(folder, "heard");
  await mkdir(folder);
  await writeFile(join(folder, "git"), `#!/bin/sh\nprintf '%s ' "$@" >> '${heard}'\nexec '${real}' "$@"\n`);
  await chmod(join(folder, "git"), 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  return heard;
}

describe("a commit that is fetched", () => {
  it("comes as objects alone: no file, branch, tag or setting of the clone changes", async () => {
    const { clone, sha, token, address } = await aStory();
    const state = () => [clone.git("status", "--porcelain"), clone.git("for-each-ref"), clone.git("config", "--list")];
    const before = state();
    await fetchCommit(clone.folder, { address, sha, token });
    expect(await findCommit(clone.folder, sha)).toBe(sha);
    expect(clone.git("show", `${sha}:a.txt`)).toBe("1");
    expect(state()).toEqual(before);
    await expect(readFile(join(clone.folder, ".git", "FETCH_HEAD"))).rejects.toThrow("ENOENT");
  });

  it("needs a token that no command line shows", async () => {
    const { clone, sha, token, address } = await aStory();
    const heard = await listenedGit();
    await fetchCommit(clone.folder, { address, sha, token });
    vi.unstubAllEnvs();
    const said = await readFile(heard, "utf8");
    expect(said).toContain(`${address} ${sha}`);
    expect(said).not.toContain(token);
    expect(said).not.toContain(Buffer.from(`x-access-token:${token}`).toString("base64"));
  });

  it("takes the place of a credential that checkout left", async () => {
    const { clone, sha, token, address } = await aStory();
    clone.git("config", `http.${new URL(address).origin}/.extraheader`, "AUTHORIZATION: basic d3Jvbmc6d3Jvbmc=");
    await fetchCommit(clone.folder, { address, sha, token });
    expect(await findCommit(clone.folder, sha)).toBe(sha);
  });

  it("of a fork is in the repository that the pull request is for", async () => {
    const server = await anEmbeddedGitHub();
    const { head } = await aForkPull(server);
    const repository = server.github.repositories.get("acme/income");
    const clone = aClone(repository?.git.path ?? "", join(await scratchFolder(), "clone"), "--single-branch");
    const token = jobToken(server.github, { repository: "acme/income", permissions: { contents: "read" } });
    await fetchCommit(clone.folder, { address: `${server.github.links.origin}/acme/income`, sha: head, token });
    expect(clone.git("show", `${head}:model.yml`)).toBe("name: income");
  });

  it("is refused in git's words, which do not hold the token", async () => {
    const { clone, sha, address } = await aStory();
    const token = "ghs_wrong";
    const error = await fetchCommit(clone.folder, { address, sha, token }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    const words = error instanceof UserError ? describeUserError(error) : "";
    expect(words).toContain("git_failed");
    expect(words).not.toContain(token);
  });
});
