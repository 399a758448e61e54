import { counted, grouped } from "../kit/counted.ts";
import type { Predictions } from "./predictions.ts";

// Rows to which a model gave no finite number. No metric has a value on them: left out they would make another test set, and a
// label that such a row has all the same (a classifier's first class, "not above the threshold") is no answer.

/** Places of the rows whose score, any of whose probabilities, or whose predicted number is NaN or infinite, ascending. O(numbers). */
export function unansweredRows(predictions: Predictions): number[] {
  const { numbers, width } = numbersOf(predictions);
  const rows: number[] = [];
  for (let at = 0; at < numbers.length; at += 1) {
    if (Number.isFinite(numbers[at])) continue;
    const row = Math.floor(at / width);
    if (rows.at(-1) !== row) rows.push(row);
  }
  return rows;
}

/** How many of `total` rows these are, as a clause. @example "1 of 200 rows has no score (NaN)" */
export function unansweredText(predictions: Predictions, rows: readonly number[], total: number): string {
  const { numbers, width } = numbersOf(predictions);
  const hasNaN = (row: number): boolean => numbers.subarray(row * width, (row + 1) * width).some(Number.isNaN);
  const missing = rows.filter(hasNaN).length;
  const kind = missing === rows.length ? "NaN" : missing === 0 ? "infinite" : "NaN or infinite";
  const what = predictions.task === "regression" ? "predicted number" : "score";
  return `${grouped(rows.length)} of ${counted(total, "row")} ${rows.length === 1 ? "has" : "have"} no ${what} (${kind})`;
}

/** The numbers that a model gave, `width` to a row; none where it gives labels alone. */
function numbersOf(predictions: Predictions): { numbers: Float64Array; width: number } {
  switch (predictions.task) {
    case "regression":
      return { numbers: predictions.predicted, width: 1 };
    case "binary-classification":
      return { numbers: predictions.scores ?? new Float64Array(0), width: 1 };
    case "multiclass-classification":
      return { numbers: predictions.probabilities ?? new Float64Array(0), width: predictions.classes.length };
  }
}
