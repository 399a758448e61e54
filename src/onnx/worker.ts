import { parentPort, workerData } from "node:worker_threads";
import { useNativeFolder } from "../kit/native.ts";
import { UserError } from "../kit/user-error.ts";
import { batchCount, batchRunner, takeBatches } from "./batches.ts";
import { openSession } from "./session.ts";
import type { WorkerJob } from "./worker-job.ts";

// A thread with its own session; inputs and outputs lie in shared memory. It is bundled by itself (worker.js beside each bundle) and must import little.

const job: WorkerJob = workerData;
try {
  useNativeFolder(job.nativeFolder);
  const session = await openSession(job.source);
  const runBatch = await batchRunner(session, job.inference);
  const batchDone = (): void => parentPort?.postMessage({ kind: "batch" });
  await takeBatches({ next: job.next, batches: batchCount(job.inference), runBatch, batchDone });
  parentPort?.postMessage({ kind: "done" });
} catch (error) {
  parentPort?.postMessage({ kind: "failed", message: textOf(error) });
}

/** What the engine itself said: the other side adds the model's path and the fix. */
function textOf(error: unknown): string {
  const reason = error instanceof UserError ? error.cause : error;
  return reason instanceof Error ? reason.message : String(error);
}
