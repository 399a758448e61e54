import { cellMeanBounds } from "../stats/cell-mean-bounds.ts";
import { independentRows, scoreRows } from "../stats/design-effect.ts";
import type { Cells } from "./binary-rows.ts";
import { type Measured, undefinedBecause } from "./measured.ts";
import type { Predictions, ValueMatrix } from "./predictions.ts";

/** `value` is told for so many rows: the worth of one is often a fraction of a cent. */
const valueRows = 1000;

/** Worth of 1000 rows in each cell (true negative, false positive, false negative, true positive), as Cells has them. */
export function cellWorths(value: ValueMatrix): readonly [number, number, number, number] {
  const { true_negative, false_positive, false_negative, true_positive } = value;
  return [valueRows * true_negative, valueRows * false_positive, valueRows * false_negative, valueRows * true_positive];
}

/** Predictions with the matrix that makes them have the metric `value`; those of other tasks as they are. */
export function withValue(predictions: Predictions, value: ValueMatrix | null): Predictions {
  return predictions.task === "binary-classification" ? { ...predictions, value } : predictions;
}

/** Mean worth of 1000 rows, weights considered. */
export function worthEstimate({ weight, squared }: Cells, value: ValueMatrix, design = independentRows): Measured {
  const total = sumOf(weight);
  if (total === 0) return undefinedBecause("no rows");
  const values = cellWorths(value);
  const shares = weight.map((each) => each / total);
  const rows = total ** 2 / sumOf(squared);
  return {
    value: values.reduce((sum, worth, cell) => sum + worth * shares[cell], 0),
    method: "skew_corrected_score",
    effectiveRows: rows / design.effect,
    swing: largestSwing(values),
    bounds: (alpha) => cellMeanBounds({ values, shares, rows: scoreRows(rows, design, alpha) }, alpha),
  };
}

/** What one row gains or loses at most when its answer, and not its label, is another. */
function largestSwing([trueNegative, falsePositive, falseNegative, truePositive]: ReturnType<
  typeof cellWorths
>): number {
  return Math.max(Math.abs(truePositive - falseNegative), Math.abs(trueNegative - falsePositive));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
