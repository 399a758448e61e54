import type { ProfileFile } from "../data/profile-file.ts";
import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import type { Outcome } from "../kit/outcome.ts";
import type { ModelManifest } from "../onnx/manifest.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import type { TrainingFile } from "../training/training-file.ts";

/** The steps whose outcomes a report is made of, in their order; without the first four nothing can be decided. */
export const reportedActions = ["collect-data", "validate-data", "train", "evaluate", "model-card"] as const;
export type ReportedAction = (typeof reportedActions)[number];
export const decidingActions = ["collect-data", "validate-data", "train", "evaluate"] as const;

/** What a run left; null for what it did not reach. */
export interface ReportInputs {
  spec: ModelSpec;
  outcomes: Readonly<Record<ReportedAction, Outcome | null>>;
  evaluation: EvaluationFile | null;
  profile: ProfileFile | null;
  training: TrainingFile | null;
  manifest: ModelManifest | null;
  /** Digest of the snapshot's content from the lock, 64 hexadecimal digits. */
  snapshotDigest: string | null;
  /** The commit that the report is about. */
  headSha: string | null;
  tool: { name: string; version: string };
}
