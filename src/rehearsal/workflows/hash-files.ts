import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";

/** SHA-256 over the SHA-256 of each file that the patterns match, in order of path; empty when none does. */
export function hashFiles(workspace: string, patterns: readonly string[]): string {
  const files = globSync([...patterns], { cwd: workspace, dot: true }).sort();
  if (files.length === 0) return "";
  const all = createHash("sha256");
  for (const file of files)
    all.update(
      createHash("sha256")
        .update(readFileSync(join(workspace, file)))
        .digest(),
    );
  return all.digest("hex");
}
