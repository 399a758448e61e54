import type { Finding } from "../kit/outcome.ts";
import type { Signature } from "../onnx/manifest.ts";
import type { TrainingFile } from "./training-file.ts";

/** What a trainer left in the staging folder, for the manifest and the outcome. */
export interface Trained {
  training: TrainingFile;
  /** What the graph's inputs and outputs are; null: the trainer left a model.json that says it. */
  signature: Signature | null;
  findings: Finding[];
  summary: string;
}
