import { UserError } from "../kit/user-error.ts";
import { askGit, git } from "./run-git.ts";

/** A commit's full name, from a branch, tag or SHA; null when this clone does not have it. */
export async function findCommit(root: string, name: string): Promise<string | null> {
  const { exitCode, stdout } = await askGit(root, [
    ...["rev-parse", "--verify", "--quiet", "--end-of-options"],
    `${name}^{commit}`,
  ]);
  return exitCode === 0 ? stdout.toString("utf8").trim() : null;
}

/** The same; throws UserError when it is not there, and says how a shallow clone comes to it. */
export async function requireCommit(root: string, name: string): Promise<string> {
  const found = await findCommit(root, name);
  if (found !== null) return found;
  throw (await isShallow(root)) ? shallow(`this clone has no commit ${name}: it is shallow`) : notThere(name);
}

/**
 * Where `head` left `base`. A shallow clone is refused even where git finds an answer: with commits cut off it can be an
 * older one, from which a change that undoes another seems to change nothing.
 */
export async function mergeBase(root: string, base: string, head: string): Promise<string> {
  if (await isShallow(root)) throw shallow("this clone is shallow, so where the change began cannot be found");
  const { exitCode, stdout } = await askGit(root, ["merge-base", base, head]);
  if (exitCode === 0) return stdout.toString("utf8").trim();
  throw new UserError({
    code: "history_missing",
    message: `${base} and ${head} have no commit in common`,
    where: root,
    fix: "start the branch from the one that it is to be merged into",
  });
}

/**
 * Every commit where `head` left `base`, in git's order; after merges to and fro there are several. A merge compares with all of them:
 * what equals one of them alone is a change. None where the two have nothing in common.
 */
export async function mergeBases(root: string, base: string, head: string): Promise<string[]> {
  const { exitCode, stdout } = await askGit(root, ["merge-base", "--all", base, head]);
  return exitCode === 0 ? stdout.toString("utf8").trim().split("\n") : [];
}

export async function isShallow(root: string): Promise<boolean> {
  return (await git(root, ["rev-parse", "--is-shallow-repository"])).toString("utf8").trim() === "true";
}

/** The folder of the repository around `folder`. */
export async function repositoryFolder(folder: string): Promise<string> {
  // Only the line's end is taken off: a folder's name may end with a space.
  return (await git(folder, ["rev-parse", "--show-toplevel"])).toString("utf8").replace(/\n$/, "");
}

function shallow(message: string): UserError {
  return new UserError({
    code: "history_missing",
    message,
    where: null,
    fix: "give actions/checkout `fetch-depth: 0` (by hand: git fetch --unshallow)",
  });
}

function notThere(name: string): UserError {
  return new UserError({
    code: "history_missing",
    message: `this clone has no commit ${JSON.stringify(name)}`,
    where: null,
    fix: "fetch it (git fetch origin), or name a branch, tag or commit that is here",
  });
}
