import { spawnSync } from "node:child_process";
import { runFolderCommitted, runFolders } from "../../kit/run-folder.ts";
import { UserError } from "../../kit/user-error.ts";

/** The person's clone: what of it is rehearsed. */
export interface Clone {
  root: string;
  /** As the address of `origin` has them, else `acme` and the folder's name. */
  owner: string;
  name: string;
  base: Tip;
  head: Tip & { subject: string };
}

interface Tip {
  branch: string;
  sha: string;
}

/**
 * Reads where the clone stands. The base is the branch `wanted`, else `origin`'s default branch, else main or master: the local
 * one, or `origin`'s while the local one is checked out. Throws git_failed, history_missing, nothing_to_rehearse, and
 * run_folder_committed: a rehearsal empties its folder there, and a link that came with a commit may lead anywhere.
 */
export function readClone(folder: string, wanted: string | undefined): Clone {
  const root = required(folder, ["rev-parse", "--show-toplevel"], "mlops rehearse works in a clone of a repository");
  if (ask(root, ["rev-parse", "--is-shallow-repository"]) === "true")
    throw new UserError({
      code: "history_missing",
      message: "this clone has only a part of the history",
      where: root,
      fix: "git fetch --unshallow",
    });
  const sha = required(root, ["rev-parse", "--verify", "HEAD^{commit}"], "there is no commit yet");
  if (required(root, ["ls-tree", sha, "--", runFolders], "the commit cannot be read") !== "")
    throw runFolderCommitted();
  const current = ask(root, ["symbolic-ref", "--short", "--quiet", "HEAD"]);
  const base = baseOf(root, wanted ?? defaultBranch(root, current), current);
  if (ask(root, ["rev-list", "--count", `${base.sha}..${sha}`]) === "0")
    throw new UserError({
      code: "nothing_to_rehearse",
      message:
        current === base.branch
          ? `${current} is checked out, the branch that a pull request would be for`
          : `${base.branch} has every commit of ${current ?? "HEAD"}, so that there is no pull request to open`,
      where: root,
      fix: "commit a change on a branch: git switch -c try; uncommitted changes do not count",
    });
  const branch = current === null || current === base.branch ? "change" : current;
  return {
    root,
    ...nameOf(root),
    base,
    head: { branch, sha, subject: ask(root, ["log", "-1", "--format=%s", sha]) ?? "" },
  };
}

/** Whether files of the clone differ from its last commit. */
export function hasUncommitted(root: string): boolean {
  return ask(root, ["status", "--porcelain", "--untracked-files=no"]) !== "";
}

function baseOf(root: string, branch: string, current: string | null): Tip {
  const local = [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`];
  const refs = branch === current ? [...local].reverse() : local;
  const sha = refs.map((ref) => ask(root, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`])).find(isThere);
  if (sha !== undefined) return { branch, sha };
  throw new UserError({
    code: "git_failed",
    message: `there is no branch ${branch} here`,
    where: root,
    fix: "give the branch that the pull request is for: --base <branch>",
  });
}

function defaultBranch(root: string, current: string | null): string {
  const said = ask(root, ["symbolic-ref", "--short", "--quiet", "refs/remotes/origin/HEAD"]);
  if (said !== null) return said.replace(/^origin\//, "");
  const usual = ["main", "master"].find(
    (name) => ask(root, ["rev-parse", "--verify", "--quiet", `refs/heads/${name}`]) !== null,
  );
  return usual ?? current ?? "main";
}

function nameOf(root: string): { owner: string; name: string } {
  const origin = ask(root, ["remote", "get-url", "origin"]) ?? "";
  const [, owner = "acme", name] = /[/:]([A-Za-z0-9][A-Za-z0-9-]*)\/([\w.-]+?)(?:\.git)?\/?$/.exec(origin) ?? [];
  const own =
    root
      .split("/")
      .at(-1)
      ?.replace(/[^\w.-]/g, "-") ?? "";
  return { owner, name: name ?? (own === "" ? "repository" : own) };
}

function isThere(value: string | null): value is string {
  return value !== null;
}

/** What git answers, without the line break at its end; null where it fails. */
function ask(folder: string, args: readonly string[]): string | null {
  const { status, stdout, error } = spawnSync("git", ["-C", folder, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (error !== undefined) throw error;
  return status === 0 ? stdout.trimEnd() : null;
}

function required(folder: string, args: readonly string[], otherwise: string): string {
  const said = ask(folder, args);
  if (said !== null) return said;
  throw new UserError({
    code: "git_failed",
    message: otherwise,
    where: folder,
    fix: "git clone the repository, or git init and commit, and run it there",
  });
}
