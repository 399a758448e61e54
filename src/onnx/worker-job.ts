import type { InferenceJob } from "./batches.ts";
import type { ModelSource } from "./session.ts";

/** What a worker thread is started with. */
export interface WorkerJob {
  source: ModelSource;
  inference: InferenceJob;
  /** One element in shared memory: number of the next batch that nobody took. */
  next: Int32Array;
  /** Where onnxruntime is, checked by the starting thread; null: beside the worker's file. */
  nativeFolder: string | null;
}

/** What it says. */
export type WorkerMessage = { kind: "batch" } | { kind: "done" } | { kind: "failed"; message: string };
