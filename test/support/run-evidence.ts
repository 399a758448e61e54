import { join } from "node:path";
import type { EvaluationFile } from "../../src/evaluation/evaluation-file.ts";
import { writeFileAtomically } from "../../src/kit/atomic-write.ts";
import { sha256 } from "../../src/kit/digest.ts";
import type { Outcome } from "../../src/kit/outcome.ts";
import type { StepContext } from "../../src/kit/step.ts";
import { anEvaluation } from "./builders/evaluation.ts";
import { anOutcome } from "./builders/outcome.ts";
import { aProfile } from "./builders/profile.ts";
import { reportInputs } from "./builders/report.ts";
import { aLinearTraining } from "./builders/training-file.ts";

/** Writes what a passing run leaves in its folder: evidence files, and outcomes that list them with their digests. */
export async function writeRun(
  context: StepContext,
  evaluation: Pick<EvaluationFile, "verdict" | "reason_code"> = anEvaluation(),
): Promise<void> {
  const { folder } = context;
  const { manifest } = reportInputs();
  await writeStep(context, "collect-data", [[folder.lock, { snapshot: { digest: "7d".repeat(32) } }]]);
  await writeStep(context, "validate-data", [[folder.profile, aProfile()]]);
  await writeStep(context, "train", [
    [folder.modelManifest, manifest ?? {}],
    [folder.training, aLinearTraining()],
  ]);
  const { verdict, reason_code } = evaluation;
  await writeStep(context, "evaluate", [[folder.evaluation, evaluation]], { verdict, reason_code });
}

/** Writes what scoring by the default branch leaves: the model is the one that was scored, and nothing was trained. */
export async function writeScoredRun(
  context: StepContext,
  { evaluation, trust, headSha }: { evaluation: EvaluationFile; trust: Outcome["trust"]; headSha: string },
): Promise<void> {
  const { folder } = context;
  await writeStep(context, "collect-data", [[folder.lock, { snapshot: { digest: "7d".repeat(32) } }]]);
  await writeStep(context, "validate-data", [[folder.profile, aProfile()]]);
  const { verdict, reason_code } = evaluation;
  const files = [
    [folder.evaluation, evaluation] as const,
    [folder.modelManifest, reportInputs().manifest ?? {}] as const,
  ];
  const git = { head_sha: headSha, base_sha: null, tested_sha: null };
  await writeStep(context, "evaluate", files, { verdict, reason_code, trust, git });
}

async function writeStep(
  context: StepContext,
  action: string,
  files: readonly (readonly [string, object])[],
  decided: Partial<Outcome> = {},
): Promise<void> {
  const outputs: { path: string; sha256: string }[] = [];
  for (const [path, content] of files) {
    const text = JSON.stringify(content);
    await writeFileAtomically(path, text);
    outputs.push({ path: path.slice(join(context.workingDirectory, "/").length), sha256: sha256(text) });
  }
  await writeFileAtomically(context.folder.outcome(action), JSON.stringify(anOutcome({ action, outputs, ...decided })));
}
