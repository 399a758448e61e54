import type { Answers } from "../evaluation/answers.ts";
import type { Log } from "../kit/log.ts";
import { type BoundInput, batchRows, batchRunner, type InferenceJob } from "./batches.ts";
import { answersOf, bindOutputs, type OutputPlan } from "./bind-outputs.ts";
import { infer } from "./infer.ts";
import { largeModelBytes } from "./open-model.ts";
import { invalidModel, type Session } from "./session.ts";

export interface PredictRequest {
  session: Session;
  inputs: readonly BoundInput[];
  outputs: OutputPlan;
  rows: number;
  /** Size of the model file. */
  bytes: number;
  log: Log;
  threads?: number | undefined;
}

export interface PredictResult {
  answers: Answers;
  /** Milliseconds for one row alone, measured in this thread; null without rows. */
  latencyMs: { p50: number; p95: number; p99: number } | null;
}

/** From this many rows the texts' dictionaries go into the graph, which costs some ten milliseconds. */
const dictionaryRows = 50_000;

/** Runs a model over rows. Throws model_invalid. */
export async function predict(request: PredictRequest): Promise<PredictResult> {
  const job = jobOf(request);
  const { session, log, outputs } = request;
  // A large model has one session with all cores: its weights are not held once a thread.
  const isLarge = request.bytes > largeModelBytes;
  const threads = isLarge ? 0 : request.threads;
  const quick = isLarge || job.rows < dictionaryRows ? null : await withDictionaries(session, job);
  await infer({ session, job, ...quick, log, ...(threads === undefined ? {} : { threads }) });
  await quick?.session.onnx.release();
  return { answers: answersOf(outputs, job.outputs), latencyMs: await measureLatency(request, job) };
}

async function withDictionaries(
  session: Session,
  job: InferenceJob,
): Promise<{ session: Session; job: InferenceJob } | null> {
  const { dictionarySession } = await import("./dictionary-inputs.ts");
  const found = await dictionarySession(session, job.inputs);
  return found === null ? null : { session: found.session, job: { ...job, inputs: found.inputs } };
}

function jobOf({ session, inputs, outputs, rows }: PredictRequest): InferenceJob {
  return { rows, batch: batchOf(session), inputs, outputs: bindOutputs(outputs, rows) };
}

/** A graph that was exported for a fixed number of rows takes no other. */
function batchOf(session: Session): InferenceJob["batch"] {
  const fixed = session.inputs.map(({ shape }) => shape?.[0] ?? null).find((size) => size !== null);
  return fixed === undefined ? { rows: batchRows, fixed: false } : { rows: fixed, fixed: true };
}

const mostRuns = 200;
const mostMs = 250;
const warmUpRuns = 10;

/** Times up to 200 rows one by one after ten unmeasured runs, for at most a quarter of a second. */
async function measureLatency(
  { session, outputs }: PredictRequest,
  job: InferenceJob,
): Promise<PredictResult["latencyMs"]> {
  const rows = Math.min(job.rows, mostRuns);
  if (rows === 0) return null;
  // Own outputs: a row alone may differ in the last bit from the same row in a batch.
  const single: InferenceJob = {
    ...job,
    rows,
    batch: job.batch.fixed ? job.batch : { rows: 1, fixed: false },
    outputs: bindOutputs(outputs, rows),
  };
  const runs = Math.ceil(rows / single.batch.rows);
  const times: number[] = [];
  try {
    const run = await batchRunner(session, single);
    for (let warm = 0; warm < warmUpRuns; warm += 1) await run(warm % runs);
    const begin = performance.now();
    for (let count = 0; count < mostRuns && performance.now() - begin < mostMs; count += 1) {
      const start = performance.now();
      await run(count % runs);
      times.push(performance.now() - start);
    }
  } catch (error) {
    throw invalidModel(session.source.path, error);
  }
  return percentiles(times.sort((a, b) => a - b));
}

function percentiles(sorted: readonly number[]): PredictResult["latencyMs"] {
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
