import { findCommit } from "./commits.ts";
import { git } from "./run-git.ts";

export interface RemoteCommit {
  /** Where the repository is, as `https://github.com/acme/income`. */
  address: string;
  /** Full SHA: of a branch, or of a pull request, also one from a fork. */
  sha: string;
  /** Sent with this one request; nothing keeps it. */
  token: string;
}

/**
 * Brings a commit with its history into a clone, as objects alone: no branch, no tag and no file of the working tree changes.
 * Throws UserError git_failed with git's own words.
 */
export async function fetchCommit(root: string, { address, sha, token }: RemoteCommit): Promise<void> {
  if ((await findCommit(root, sha)) !== null) return;
  const options = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance"];
  const key = `http.${new URL(address).origin}/.extraheader`;
  const credential = Buffer.from(`x-access-token:${token}`).toString("base64");
  // Empty first: with a header that checkout left in the clone there would be two, which GitHub refuses.
  const config = [[key, ""] as const, [key, `AUTHORIZATION: basic ${credential}`] as const];
  await git(root, ["fetch", ...options, address, sha], { config });
}
