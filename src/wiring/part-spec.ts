import type { ModelSpec } from "../spec/model-spec.ts";

/** The validation part only chooses a threshold: it has no slices, no groups, and is not searched. */
export function partSpec(spec: ModelSpec, part: "test" | "valid"): ModelSpec {
  return part === "test"
    ? spec
    : { ...spec, evaluate: { ...spec.evaluate, slices: [], fairness: [], find_slices: false } };
}
