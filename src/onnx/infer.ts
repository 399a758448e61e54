import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Log } from "../kit/log.ts";
import { checkedNativeFolder } from "../kit/native.ts";
import { batchCount, batchRunner, type InferenceJob, type RunBatch, takeBatches } from "./batches.ts";
import { shared } from "./packed-columns.ts";
import { invalidModel, type Session } from "./session.ts";
import type { WorkerJob, WorkerMessage } from "./worker-job.ts";

export interface InferenceRequest {
  session: Session;
  job: InferenceJob;
  log: Log;
  /** Worker threads at most; 0: all in this thread. Default: one a core. */
  threads?: number;
  /** Remaining work in this thread from which others are started; default 400 ms. */
  threadsFromMs?: number;
}

/** Starting threads (each a module and a session) costs about 150 ms, which two of them save on 400 ms of work. */
const worthThreadsMs = 400;

/**
 * Runs a model over all rows; the job's outputs are then filled. The first batch runs here and tells how long the rest
 * would take: only work that is worth it goes to threads. Values are the same either way: one thread a session, and
 * the same batches. Throws model_invalid when the model fails on the data.
 */
export async function infer(request: InferenceRequest): Promise<void> {
  const { session, job } = request;
  const batches = batchCount(job);
  if (batches === 0) return;
  try {
    const runBatch = await batchRunner(session, job);
    const begin = performance.now();
    let batch = 0;
    const threads = request.threads ?? availableParallelism();
    do {
      await runBatch(batch);
      batch += 1;
      const restMs = ((performance.now() - begin) / batch) * (batches - batch);
      if (threads > 1 && batches - batch > 1 && restMs > (request.threadsFromMs ?? worthThreadsMs)) {
        return await inThreads(request, runBatch, { first: batch, threads: Math.min(threads, batches - batch) });
      }
      request.log.progress("inference", batch / batches);
    } while (batch < batches);
  } catch (error) {
    throw invalidModel(session.source.path, error);
  }
}

/** This thread takes batches as the others do, from the first moment on: theirs is spent on starting. */
async function inThreads(
  { session, job, log }: InferenceRequest,
  runBatch: RunBatch,
  { first, threads }: { first: number; threads: number },
): Promise<void> {
  const next = new Int32Array(shared(4));
  next[0] = first;
  const batches = batchCount(job);
  let done = first;
  const batchDone = (): void => {
    done += 1;
    log.progress("inference", done / batches);
  };
  const workerJob: WorkerJob = {
    source: session.source,
    inference: job,
    next,
    nativeFolder: await checkedNativeFolder(),
  };
  const workers = Array.from({ length: threads - 1 }, () => new Worker(workerFile(), { workerData: workerJob }));
  try {
    await Promise.all([
      ...workers.map((worker) => finished(worker, batchDone)),
      takeBatches({ next, batches, runBatch, batchDone }),
    ]);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Beside this file as source, beside the bundle as worker.js (scripts/build.ts). */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);
}

function finished(worker: Worker, batchDone: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "batch") batchDone();
      else if (message.kind === "done") resolve();
      else reject(new Error(message.message));
    });
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`an inference thread ended with code ${code}`)));
  });
}
