import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import { plainText } from "../kit/plain-text.ts";
import type { ChartPlan, ChartRow } from "./chart-plan.ts";
import { formatCount } from "./format-numbers.ts";
import { thresholdText } from "./operating-text.ts";

/** Precision and recall, and what 1000 rows are worth, over the threshold on the validation rows. */
export function planThresholds({ operating_point: point, value_matrix }: EvaluationFile): ChartPlan[] {
  if (point === null || point.curve.length < 2) return [];
  const chosen = [{ x: point.threshold }];
  const on = `on ${point.valid_rows === null ? "the" : formatCount(point.valid_rows)} validation rows; the dashed line is the threshold, ${thresholdText(point.threshold)}`;
  const lineOf = (name: "precision" | "recall" | "value"): ChartRow[] =>
    point.curve.flatMap(({ threshold, [name]: y }) => (y === null ? [] : { x: threshold, y }));
  const [precision, recall, value] = [lineOf("precision"), lineOf("recall"), lineOf("value")];
  const unit = value_matrix?.unit === undefined ? "" : ` in ${plainText(value_matrix.unit, 20)}`;
  const rates: ChartPlan = {
    title: "Precision and recall over the threshold",
    description: `Precision (solid curve) and recall (dotted curve) ${on}.`,
    template: "threshold-rates",
    data: { precision, recall, chosen },
  };
  const worth: ChartPlan = {
    title: "Value over the threshold",
    description: `What 1,000 rows are worth${unit} ${on}.`,
    template: "threshold-value",
    data: { value, chosen },
  };
  return value.length < 2 ? [rates] : [rates, worth];
}
