import type { Judged } from "../actions/evaluate/run.ts";
import { reanswer } from "../evaluation/answers.ts";
import type { Predictions } from "../evaluation/predictions.ts";
import type { Probe } from "../evaluation/probe.ts";
import { nearest } from "../kit/nearest.ts";
import { UserError, UserErrors } from "../kit/user-error.ts";
import type { BoundInput } from "../onnx/batches.ts";
import type { InputPlan } from "../onnx/bind-inputs.ts";
import type { OutputPlan } from "../onnx/bind-outputs.ts";
import { openModelProbe } from "../onnx/probe-model.ts";
import type { Session } from "../onnx/session.ts";
import type { LoadedModel } from "../spec/load.ts";
import { drawRows } from "../stats/draws.ts";
import { seeded } from "../stats/resample.ts";

/** A model that has answered all test rows. */
interface AnsweredModel {
  session: Session;
  bytes: number;
  plans: readonly InputPlan[];
  inputs: readonly BoundInput[];
  outputs: OutputPlan;
  predictions: Predictions;
  threads: number | undefined;
}

export const noProbes: Judged["probes"] = { robustness: null, importance: null };

const sampleSeed = 1;

/** What model.yml asks to be measured again, each on a sample of the test rows. Throws column_missing. */
export function openProbes({ spec, locate }: LoadedModel, model: AnsweredModel): Judged["probes"] {
  const { robustness, importance } = spec.evaluate;
  const first = robustness === undefined ? null : openProbe(model, robustness.rows);
  const isSame = importance?.rows === robustness?.rows;
  const second = importance === undefined || isSame ? first : openProbe(model, importance.rows);
  const probes = { robustness: first, importance: importance === undefined ? null : second };
  const where = (place: number): string => locate(["evaluate", "robustness", "columns", place]);
  requireFeatures(robustness?.columns ?? [], probes.robustness?.features ?? [], where);
  return probes;
}

function openProbe(model: AnsweredModel, most: number): Probe {
  const ofRows = model.predictions.labels.length;
  const rows = drawRows(ofRows, most, seeded(sampleSeed));
  const probe = openModelProbe({ ...model, rows });
  return {
    rows: rows.length,
    ofRows,
    features: probe.features,
    answer: async (changed) => {
      const answers = await probe.answers(changed);
      return "reason" in answers ? answers : reanswer(model.predictions, rows, answers);
    },
  };
}

function requireFeatures(
  names: readonly string[],
  features: readonly string[],
  where: (place: number) => string,
): void {
  const errors = names.flatMap((name, place) => {
    if (features.includes(name)) return [];
    const meant = nearest(name, features);
    return new UserError({
      code: "column_missing",
      message: `the model takes no feature ${JSON.stringify(name)}; its features are ${features.slice(0, 20).join(", ")}`,
      where: where(place),
      fix: meant === null ? "name a feature of the model" : `did you mean ${JSON.stringify(meant)}?`,
    });
  });
  if (errors.length > 0) throw new UserErrors(errors);
}
