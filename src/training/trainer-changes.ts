import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { snapshotFiles } from "../data/snapshot-files.ts";
import { sha256OfFile } from "../kit/file-digest.ts";
import { readOutcome, type StepContext } from "../kit/step.ts";

/**
 * Warns of files that decide what is trained and are others by now, such as the trainer's own. The model is judged all
 * the same: it is what it was, with the features of its bundle.
 */
export async function warnOfTrainerChanges(context: StepContext): Promise<void> {
  const { folder, workingDirectory, model, log } = context;
  const outcome = await readOutcome(folder.outcome("train"));
  // Other rows are no matter for a warning: runStep refuses them.
  const rows = new Set(snapshotFiles(folder.snapshot, model.spec.data));
  const changed: string[] = [];
  for (const { path, sha256 } of outcome?.inputs ?? []) {
    const absolute = resolve(workingDirectory, path);
    if (rows.has(absolute)) continue;
    if (!existsSync(absolute) || (await sha256OfFile(absolute)) !== sha256) changed.push(path);
  }
  if (changed.length === 0) return;
  const more = changed.length > 5 ? ` and ${changed.length - 5} more` : "";
  log.warn(`the model was trained before ${changed.slice(0, 5).join(", ")}${more} changed; mlops train makes it anew`);
}
