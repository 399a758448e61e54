import { git } from "./run-git.ts";

/** Whether tracked files differ from the commit that is checked out, or new ones wait to be added. */
export async function hasUncommitted(folder: string): Promise<boolean> {
  return (await git(folder, ["status", "--porcelain", "-z"])).length > 0;
}
