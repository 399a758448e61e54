import type { Answers } from "../evaluation/answers.ts";
import type { Change, Unanswered } from "../evaluation/probe.ts";
import { silentLog } from "../kit/log.ts";
import { UserError } from "../kit/user-error.ts";
import { drawNormal, drawRows, inOrder } from "../stats/draws.ts";
import { seeded } from "../stats/resample.ts";
import type { BoundInput, InferenceJob } from "./batches.ts";
import type { InputPlan } from "./bind-inputs.ts";
import { answersOf, bindOutputs, type OutputPlan } from "./bind-outputs.ts";
import { type FeatureCells, featuresOf } from "./feature-cells.ts";
import { infer } from "./infer.ts";
import { largeModelBytes } from "./open-model.ts";
import { batchOf, withDictionaries } from "./predict.ts";
import type { Session } from "./session.ts";
import { takeRows } from "./take-rows.ts";

export interface ModelProbeRequest {
  session: Session;
  /** Size of the model file. */
  bytes: number;
  plans: readonly InputPlan[];
  /** Of all rows; only the asked ones are kept. */
  inputs: readonly BoundInput[];
  outputs: OutputPlan;
  /** The rows to ask about. */
  rows: Uint32Array;
  threads?: number | undefined;
}

/** One session that is asked about the same rows again and again. */
export interface ModelProbe {
  features: readonly string[];
  answers(changed?: { feature: string; change: Change }): Promise<Answers | Unanswered>;
}

export function openModelProbe(request: ModelProbeRequest): ModelProbe {
  const inputs = takeRows(request.inputs, request.rows);
  const features = featuresOf(request.plans, inputs, request.rows.length);
  const run = runner(request, inputs);
  return {
    features: features.map(({ name }) => name),
    answers: async (changed) => {
      if (changed === undefined) return run();
      const feature = features.find(({ name }) => name === changed.feature)?.open();
      if (feature === undefined) throw new Error(`there is no feature ${changed.feature}`);
      const problem = apply(feature, changed.change, request.rows.length);
      if (problem !== null) return { reason: problem };
      try {
        return await run();
      } catch (error) {
        // A model may refuse what it was never given; that is what was asked.
        if (error instanceof UserError && error.code === "model_invalid") return { reason: error.message };
        throw error;
      } finally {
        feature.undo();
      }
    },
  };
}

/** The dictionaries of texts go into the graph once: every change is one of their codes. */
function runner(request: ModelProbeRequest, inputs: readonly BoundInput[]): () => Promise<Answers> {
  const { session, outputs, bytes } = request;
  const isLarge = bytes > largeModelBytes;
  const threads = isLarge ? 0 : request.threads;
  let quick: ReturnType<typeof withDictionaries> | null = null;
  return async () => {
    const rows = request.rows.length;
    const job: InferenceJob = { rows, batch: batchOf(session), inputs, outputs: bindOutputs(outputs, rows) };
    quick ??= isLarge ? Promise.resolve(null) : withDictionaries(session, inputs);
    const dictionaries = await quick;
    const asked =
      dictionaries === null
        ? { session, job }
        : { session: dictionaries.session, job: { ...job, inputs: dictionaries.inputs } };
    await infer({ ...asked, log: silentLog, ...(threads === undefined ? {} : { threads }) });
    return answersOf(outputs, job.outputs);
  };
}

/** Changes the feature's values; says in one clause why that cannot be. */
function apply(feature: FeatureCells, change: Change, rows: number): string | null {
  switch (change.kind) {
    case "order":
      feature.reorder(change.order);
      return null;
    case "missing":
      return makeMissing(feature, change, rows);
    case "noise":
      return addNoise(feature, change, rows);
  }
}

function makeMissing(
  feature: FeatureCells,
  { share, seed }: Change & { kind: "missing" },
  rows: number,
): string | null {
  if (feature.type === "integer" || feature.type === "boolean") {
    return `the model takes it as ${feature.type === "integer" ? "whole numbers" : "true or false"}, which have no form for a missing value`;
  }
  feature.blank(drawRows(rows, countOf(share, rows), seeded(seed)));
  return null;
}

function addNoise(feature: FeatureCells, { amount, seed }: Change & { kind: "noise" }, rows: number): string | null {
  if (!feature.varies) return "all its values are the same";
  const uniform = seeded(seed);
  if (feature.type === "number" || feature.type === "integer") {
    feature.shift(Float64Array.from({ length: rows }, () => amount * drawNormal(uniform)));
    return null;
  }
  const order = inOrder(rows);
  for (const row of drawRows(rows, countOf(amount, rows), uniform)) order[row] = Math.floor(uniform() * rows);
  feature.reorder(order);
  return null;
}

/** At least one row. */
function countOf(share: number, rows: number): number {
  return Math.max(1, Math.round(share * rows));
}
