import type { Forecasts } from "./calibration-error.ts";
import type { MulticlassRows } from "./multiclass-rows.ts";

/** The largest probability of each row and whether its class was right; of equal ones the first, as argmax has it. */
export function topLabelForecasts({ classes, labels, probabilities, weights }: MulticlassRows): Forecasts {
  const known = probabilities ?? new Float64Array(0);
  const width = classes.length;
  const forecasts = {
    probabilities: new Float64Array(labels.length),
    outcomes: new Uint8Array(labels.length),
    weights,
  };
  for (let row = 0; row < labels.length; row += 1) {
    let top = 0;
    for (let column = 1; column < width; column += 1) {
      if (known[row * width + column] > known[row * width + top]) top = column;
    }
    forecasts.probabilities[row] = known[row * width + top];
    forecasts.outcomes[row] = Number(top === labels[row]);
  }
  return forecasts;
}
