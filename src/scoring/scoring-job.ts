import type { EvaluatedTask } from "../evaluation/predictions.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import type { ScoredPart } from "./scoring-reply.ts";

/** What the process that loads an untrusted model is told, as JSON on its standard input. */
export interface ScoringJob {
  /** The default branch's model.yml. */
  spec: ModelSpec;
  task: EvaluatedTask;
  positive: string | null;
  parts: readonly { part: ScoredPart; labels: readonly string[] }[];
  /** Absolute folder of the untrusted model.json. */
  modelFolder: string;
  /** Absolute path of the rows to answer, whose labels are all missing; other sources lie beside it. */
  snapshot: string;
  /** Absolute path of the artifact's own predictions.parquet; null for none. */
  claimed: string | null;
  /** Absolute folder in which it may write. */
  scratch: string;
  threads: number | null;
  /** Where the native modules are, checked by the asking side; null: in an own node_modules. */
  nativeFolder: string | null;
}
