import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "./atomic-write.ts";
import { hasCode } from "./has-code.ts";
import { runFolders } from "./run-folder.ts";

/**
 * Makes git ignore `.mlops/` of the working directory: it holds the data's rows, which `git add .` must not take along.
 * A .gitignore that is there stays as it is.
 */
export async function ignoreRunFolders(workingDirectory: string): Promise<void> {
  const path = join(workingDirectory, runFolders, ".gitignore");
  if (!(await isThere(path))) await writeFileAtomically(path, "*\n");
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}
