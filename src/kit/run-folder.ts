import { join } from "node:path";
import { UserError } from "./user-error.ts";

/** Where the run folders of all models are, under the working directory. */
export const runFolders = ".mlops";

export function runFolderCommitted(): UserError {
  return new UserError({
    code: "run_folder_committed",
    message: "the run folder is committed, so what it says was not made by this run",
    where: runFolders,
    fix: `git rm -r --cached ${runFolders}, and commit; every run makes its own`,
  });
}

/** The places of a run's evidence: `.mlops/<model>/` under the working directory (design: contracts, run folder). */
export interface RunFolder {
  root: string;
  snapshot: string;
  lock: string;
  profile: string;
  model: string;
  modelManifest: string;
  training: string;
  predictions: string;
  evaluation: string;
  /** Ledger of evaluations: a folder for each test set, a file for each use of it. */
  testUses: string;
  card: string;
  reportMarkdown: string;
  reportHtml: string;
  outcome(action: string): string;
}

export function runFolder(workingDirectory: string, model: string): RunFolder {
  // A name may hold slashes: as folders, the models `a` and `a/data` would share one. No name holds "=".
  const root = join(workingDirectory, runFolders, model.replaceAll("/", "="));
  return {
    root,
    snapshot: join(root, "data", "snapshot.parquet"),
    lock: join(root, "data", "data.lock.json"),
    profile: join(root, "data", "profile.json"),
    model: join(root, "model"),
    modelManifest: join(root, "model", "model.json"),
    training: join(root, "model", "training.json"),
    predictions: join(root, "evaluation", "predictions.parquet"),
    evaluation: join(root, "evaluation", "evaluation.json"),
    testUses: join(root, "test-uses"),
    card: join(root, "card", "model-card.md"),
    reportMarkdown: join(root, "report", "report.md"),
    reportHtml: join(root, "report", "report.html"),
    outcome: (action) => join(root, `${action}.outcome.json`),
  };
}
