import type { NumberColumn, Table, TextColumn } from "../stats/table.ts";
import type { Predictions } from "./predictions.ts";

/**
 * Predictions as the columns of predictions.parquet after row_id: label, predicted, and score (binary) or
 * probability_<class> (multiclass).
 */
export function predictionsTable(predictions: Predictions): Table {
  const rows = predictions.labels.length;
  switch (predictions.task) {
    case "regression":
      return { rows, columns: [numbers("label", predictions.labels), numbers("predicted", predictions.predicted)] };
    case "binary-classification": {
      const { classes, labels, predicted, scores } = predictions;
      const columns = [texts("label", classes, labels), texts("predicted", classes, predicted)];
      return { rows, columns: scores === null ? columns : [...columns, numbers("score", scores)] };
    }
    case "multiclass-classification": {
      const { classes, labels, predicted, probabilities } = predictions;
      const scored =
        probabilities === null
          ? []
          : classes.map((name, place) => probability(name, { probabilities, place, width: classes.length }));
      return { rows, columns: [texts("label", classes, labels), texts("predicted", classes, predicted), ...scored] };
    }
  }
}

function numbers(name: string, values: Float64Array): NumberColumn {
  return { kind: "number", name, values };
}

function texts(name: string, classes: readonly string[], places: ArrayLike<number>): TextColumn {
  return { kind: "text", name, codes: Int32Array.from(places), levels: classes };
}

function probability(
  name: string,
  { probabilities, place, width }: { probabilities: Float64Array; place: number; width: number },
): NumberColumn {
  const values = new Float64Array(probabilities.length / width);
  for (let row = 0; row < values.length; row += 1) values[row] = probabilities[row * width + place] ?? Number.NaN;
  return numbers(`probability_${name}`, values);
}
