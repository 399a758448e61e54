import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import type { DecisionFacts } from "./decision.ts";

/**
 * What a decision keeps of an evaluation: its metrics to six significant digits, since processors differ in the last ones and
 * a rerun on another machine must not void anybody's approval, and what the gates say.
 */
export function evaluatedFacts(
  evaluation: Pick<EvaluationFile, "metrics" | "gates">,
): Pick<DecisionFacts, "metrics" | "gates"> {
  const metrics = Object.entries(evaluation.metrics).map(([name, { value, lower, upper }]) => {
    return [name, { value: sixDigits(value), lower: sixDigits(lower), upper: sixDigits(upper) }] as const;
  });
  return {
    metrics: Object.fromEntries(metrics),
    gates: evaluation.gates.map(({ gate, verdict }) => ({ gate, verdict })),
  };
}

/** @example sixDigits(0.123456789) // 0.123457 */
function sixDigits(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
