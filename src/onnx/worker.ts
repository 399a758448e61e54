import { parentPort, workerData } from "node:worker_threads";
import { useNativeFolder } from "../kit/native.ts";
import { UserError } from "../kit/user-error.ts";
import { batchCount, batchRunner } from "./batches.ts";
import { openSession } from "./session.ts";
import type { WorkerJob } from "./worker-job.ts";

// A thread with its own session. It takes the next batch that nobody took until there is none; inputs and outputs lie
// in shared memory. It is bundled by itself (worker.js beside each bundle) and must import little.

const job: WorkerJob = workerData;
try {
  useNativeFolder(job.nativeFolder);
  const session = await openSession(job.source);
  const runBatch = await batchRunner(session, job.inference);
  const batches = batchCount(job.inference);
  for (let batch = take(); batch < batches; batch = take()) {
    await runBatch(batch);
    parentPort?.postMessage({ kind: "batch" });
  }
  parentPort?.postMessage({ kind: "done" });
} catch (error) {
  parentPort?.postMessage({ kind: "failed", message: textOf(error) });
}

function take(): number {
  return Atomics.add(job.next, 0, 1);
}

/** What the engine itself said: the other side adds the model's path and the fix. */
function textOf(error: unknown): string {
  const reason = error instanceof UserError ? error.cause : error;
  return reason instanceof Error ? reason.message : String(error);
}
