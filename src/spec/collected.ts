import type { Json } from "../kit/digest.ts";
import type { EarlierStep } from "../kit/earlier-steps.ts";
import type { StepContext } from "../kit/step.ts";
import type { ModelSpec } from "./model-spec.ts";

/** collect-data, for a step that reads these files of its snapshot. */
export function collected({ model }: StepContext, files: readonly string[]): EarlierStep {
  return { action: "collect-data", command: "collect", files, parameters: collectParameters(model.spec) };
}

/**
 * Of model.yml, what decides on the snapshot: collect-data's step key, and what later steps compare it with. Features
 * are made of the snapshot later; of the expectations only types and what is sensitive count before validation.
 */
export function collectParameters({ name, data }: ModelSpec): Json {
  const { features, positive, expect, ...decisive } = data;
  const columns = Object.entries(expect.columns).flatMap(([column, { type, sensitive }]) =>
    type === undefined && sensitive !== true ? [] : [[column, type ?? null, sensitive]],
  );
  return { name, data: JSON.stringify(decisive), columns: JSON.stringify(columns) };
}
