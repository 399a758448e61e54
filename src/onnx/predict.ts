import type { Answers } from "../evaluation/answers.ts";
import type { Timings } from "../evaluation/latency.ts";
import type { Log } from "../kit/log.ts";
import { type BoundInput, batchRows, type InferenceJob } from "./batches.ts";
import { answersOf, bindOutputs, type OutputPlan } from "./bind-outputs.ts";
import type { DictionarySession } from "./dictionary-inputs.ts";
import { infer } from "./infer.ts";
import { measureLatency } from "./latency.ts";
import { largeModelBytes } from "./open-model.ts";
import type { Session } from "./session.ts";

export interface PredictRequest {
  session: Session;
  inputs: readonly BoundInput[];
  outputs: OutputPlan;
  rows: number;
  /** Size of the model file. */
  bytes: number;
  log: Log;
  threads?: number | undefined;
  /** Default true: rows are also run one by one and in batches, for their time. */
  timed?: boolean;
}

export interface PredictResult {
  answers: Answers;
  /** Null without rows, and where nothing was to be timed. */
  timings: Timings | null;
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
  const quick = isLarge || job.rows < dictionaryRows ? null : await withDictionaries(session, job.inputs);
  const asked = quick === null ? { session, job } : { session: quick.session, job: { ...job, inputs: quick.inputs } };
  await infer({ ...asked, log, ...(threads === undefined ? {} : { threads }) });
  await quick?.session.onnx.release();
  const fixedBatch = job.batch.fixed ? job.batch.rows : null;
  const timings = job.rows === 0 || request.timed === false ? null : await measureLatency({ ...request, fixedBatch });
  return { answers: answersOf(outputs, job.outputs), timings };
}

/** A session that looks texts up inside the graph, and its inputs, which share their codes with those given; null where there is none. */
export async function withDictionaries(
  session: Session,
  inputs: readonly BoundInput[],
): Promise<DictionarySession | null> {
  const { dictionarySession } = await import("./dictionary-inputs.ts");
  return dictionarySession(session, inputs);
}

function jobOf({ session, inputs, outputs, rows }: PredictRequest): InferenceJob {
  return { rows, batch: batchOf(session), inputs, outputs: bindOutputs(outputs, rows) };
}

/** A graph that was exported for a fixed number of rows takes no other. */
export function batchOf(session: Session): InferenceJob["batch"] {
  const fixed = session.inputs.map(({ shape }) => shape?.[0] ?? null).find((size) => size !== null);
  return fixed === undefined ? { rows: batchRows, fixed: false } : { rows: fixed, fixed: true };
}
