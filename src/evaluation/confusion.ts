/** Weights by actual and predicted class, row by row; `squared` holds the sums of squared weights. */
export interface Confusion {
  classes: number;
  weight: Float64Array;
  squared: Float64Array;
}

export interface ClassTotals {
  /** Weight with this label, with this prediction, with both. */
  actual: number;
  predicted: number;
  both: number;
  /** Kish's effective rows with this label, with this prediction, with either. */
  actualRows: number;
  predictedRows: number;
  eitherRows: number;
}

/** Counts label against prediction; -1 in either becomes the last class, which exists only then. */
export function countConfusion(
  labels: Int32Array | Uint8Array,
  predicted: Int32Array | Uint8Array,
  shape: { classes: number; weights: Float64Array | null },
): Confusion {
  const { weights } = shape;
  const classes = shape.classes + Number(hasUnknown(labels) || hasUnknown(predicted));
  const weight = new Float64Array(classes * classes);
  const squared = weights === null ? weight : new Float64Array(classes * classes);
  for (let row = 0; row < labels.length; row += 1) {
    const cell = cellOf(labels[row], predicted[row], classes);
    weight[cell] += weights === null ? 1 : weights[row];
    if (weights !== null) squared[cell] += weights[row] ** 2;
  }
  return { classes, weight, squared };
}

export function cellOf(label: number, predicted: number, classes: number): number {
  return (label < 0 ? classes - 1 : label) * classes + (predicted < 0 ? classes - 1 : predicted);
}

function hasUnknown(codes: Int32Array | Uint8Array): boolean {
  if (codes instanceof Uint8Array) return false;
  for (const code of codes) if (code < 0) return true;
  return false;
}

export function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

export function classTotals({ classes, weight, squared }: Confusion): ClassTotals[] {
  return Array.from({ length: classes }, (_, index) => {
    let [actual, actualSquared, predicted, predictedSquared] = [0, 0, 0, 0];
    for (let other = 0; other < classes; other += 1) {
      actual += weight[index * classes + other];
      actualSquared += squared[index * classes + other];
      predicted += weight[other * classes + index];
      predictedSquared += squared[other * classes + index];
    }
    const both = weight[index * classes + index];
    const either = actual + predicted - both;
    const eitherSquared = actualSquared + predictedSquared - squared[index * classes + index];
    return {
      actual,
      predicted,
      both,
      actualRows: effective(actual, actualSquared),
      predictedRows: effective(predicted, predictedSquared),
      eitherRows: effective(either, eitherSquared),
    };
  });
}

function effective(weight: number, squared: number): number {
  return weight === 0 ? 0 : weight ** 2 / squared;
}

/** F1 of a class that occurs as a label or a prediction. */
export function f1Of({ actual, predicted, both }: Pick<ClassTotals, "actual" | "predicted" | "both">): number {
  return (2 * both) / (actual + predicted);
}

/** Precision of a class, 0 where it was never predicted. */
export function precisionShare({ predicted, both }: ClassTotals): number {
  return predicted === 0 ? 0 : both / predicted;
}
