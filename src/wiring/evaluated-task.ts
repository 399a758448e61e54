import type { EvaluatedTask } from "../evaluation/predictions.ts";
import type { StepContext } from "../kit/step.ts";

/** The task of model.yml and its positive label as text. */
export function taskOf({ model: { spec } }: StepContext): { task: EvaluatedTask; positive: string | null } {
  if (spec.task === "scored") throw new Error("a scored model has no ONNX graph");
  const { positive } = spec.data;
  return { task: spec.task, positive: positive === undefined ? null : String(positive) };
}
