import type { Timings } from "../evaluation/latency.ts";
import { type BoundInput, batchRunner, type InferenceJob, type RunBatch } from "./batches.ts";
import { bindOutputs, type OutputPlan } from "./bind-outputs.ts";
import { openReference } from "./reference-model.ts";
import { invalidModel, type Session } from "./session.ts";
import { takeRows } from "./take-rows.ts";

export interface LatencyRequest {
  session: Session;
  inputs: readonly BoundInput[];
  outputs: OutputPlan;
  /** At least one. */
  rows: number;
  /** Rows that the graph takes at once; null: any number. */
  fixedBatch: number | null;
}

/** All timing together, in milliseconds; a slow model's first runs may exceed it. */
const budgetMs = 220;
const singleMs = 130;
/** With fewer the largest of them is no 95 % bound of the 99th percentile: 1 − 0.99³⁰⁰ = 0.951. */
const mostPairs = 300;
const warmUpRuns = 10;
const warmUpMs = 20;
const batchSizes = [32, 1024] as const;
const mostBatchRuns = 7;

/**
 * Times the model in this thread: single rows, each beside a run of the reference model, then batches. The order within a
 * pair alternates, so that neither side always follows the other. Throws model_invalid.
 */
export async function measureLatency(request: LatencyRequest): Promise<Timings> {
  const begin = performance.now();
  const left = (): number => budgetMs - (performance.now() - begin);
  // A few rows in memory of their own, over and over: reading them costs no more than it does in a service.
  const rows = Math.max(...batchSizes, request.fixedBatch ?? 0);
  const inputs = takeRows(
    request.inputs,
    Uint32Array.from({ length: rows }, (_, row) => row % request.rows),
  );
  const timed = { ...request, inputs, rows };
  const single = await timePairs(timed, Math.min(singleMs, left()));
  if (request.fixedBatch !== null) return { single, batches: [] };
  const batches: { rows: number; model: Float64Array }[] = [];
  let last = { rows: 1, ms: middle(single.model) };
  for (const [place, size] of batchSizes.entries()) {
    const model = await timeBatch(timed, size, { expected: (last.ms / last.rows) * size, ms: left() / (2 - place) });
    batches.push({ rows: size, model });
    if (model.length > 0) last = { rows: size, ms: middle(model) };
  }
  return { single, batches };
}

async function timePairs(request: LatencyRequest, ms: number): Promise<Timings["single"]> {
  const begin = performance.now();
  const rows = request.fixedBatch ?? 1;
  const runModel = await timer(request, rows);
  const reference = await openReference(request.inputs, rows);
  try {
    const runReference = timed(await batchRunner(reference.session, reference.job), 1);
    await warmUp([runModel, runReference]);
    const model: number[] = [];
    const beside: number[] = [];
    for (let pair = 0; pair < mostPairs && (pair === 0 || performance.now() - begin < ms); pair += 1) {
      if (pair % 2 === 0) model.push(await runModel());
      beside.push(await runReference());
      if (pair % 2 === 1) model.push(await runModel());
    }
    return { model: Float64Array.from(model), reference: Float64Array.from(beside) };
  } finally {
    await reference.session.onnx.release();
  }
}

/** No runs where even one would take more time than there is. */
async function timeBatch(
  request: LatencyRequest,
  rows: number,
  { expected, ms }: { expected: number; ms: number },
): Promise<Float64Array> {
  if (expected * 2 > ms) return new Float64Array(0);
  const begin = performance.now();
  const run = await timer(request, rows);
  await run();
  const times: number[] = [];
  while (times.length < mostBatchRuns && performance.now() - begin < ms) times.push(await run());
  return Float64Array.from(times);
}

type Timer = () => Promise<number>;

/** Runs of the model of so many rows, which go round through the request's. */
async function timer({ session, inputs, outputs, rows }: LatencyRequest, size: number): Promise<Timer> {
  const job: InferenceJob = {
    rows,
    batch: { rows: size, fixed: false },
    inputs,
    outputs: bindOutputs(outputs, rows),
  };
  const whole = Math.floor(rows / size);
  const run = await batchRunner(session, job);
  return timed(async (batch) => {
    try {
      await run(batch);
    } catch (error) {
      throw invalidModel(session.source.path, error);
    }
  }, whole);
}

/** Hands out the batches in turn, and says how many milliseconds each took. */
function timed(run: RunBatch, batches: number): Timer {
  let next = 0;
  return async () => {
    const start = performance.now();
    await run(next % batches);
    next += 1;
    return performance.now() - start;
  };
}

async function warmUp(timers: readonly Timer[]): Promise<void> {
  const begin = performance.now();
  for (let run = 0; run < warmUpRuns && (run === 0 || performance.now() - begin < warmUpMs); run += 1) {
    for (const each of timers) await each();
  }
}

function middle(times: Float64Array): number {
  return times.slice().sort()[Math.floor(times.length / 2)];
}
