import { remembered } from "../stats/bounds.ts";
import type { Design } from "../stats/design-effect.ts";
import { type Confusion, classTotals, sumOf } from "./confusion.ts";
import { exactEstimate, logitEstimate, type Measured, undefinedBecause } from "./measured.ts";
import { rareClassBounds } from "./rare-classes.ts";

// Matthews' correlation and Cohen's kappa: agreement of label and prediction in [-1, 1], as functions of the confusion matrix.

/** A metric and its derivative by the weight of a row in each cell. */
interface Agreement {
  value: number;
  deviations: Float64Array;
}

/** How much a prediction differs from a label, both as places of their classes: 0 for the same. */
export type Disagreement = (label: number, predicted: number) => number;

/**
 * Matthews' correlation coefficient, of several classes Gorodkin's R_K; 0 where all predictions are one class. Null where all
 * labels are. Source: Gorodkin (2004), Computational Biology and Chemistry 28:367. Oracle: scikit-learn's matthews_corrcoef.
 */
export function matthews(confusion: Confusion): Agreement | null {
  const { classes, weight } = confusion;
  const totals = classTotals(confusion);
  const total = sumOf(weight);
  const right = totals.reduce((sum, { both }) => sum + both, 0);
  const sums = (of: (at: number) => number): number => totals.reduce((sum, _, at) => sum + of(at), 0);
  const predictedSpread = total ** 2 - sums((at) => totals[at].predicted ** 2);
  const actualSpread = total ** 2 - sums((at) => totals[at].actual ** 2);
  if (actualSpread === 0) return null;
  if (predictedSpread === 0) return { value: 0, deviations: new Float64Array(weight.length) };
  const covariance = right * total - sums((at) => totals[at].predicted * totals[at].actual);
  const scale = Math.sqrt(predictedSpread * actualSpread);
  const deviations = weight.map((_, cell) => {
    const [label, predicted] = [Math.floor(cell / classes), cell % classes];
    const hit = Number(label === predicted);
    const change = hit * total + right - totals[label].predicted - totals[predicted].actual;
    const ofScale =
      (total - totals[predicted].predicted) / predictedSpread + (total - totals[label].actual) / actualSpread;
    return (change - covariance * ofScale) / scale;
  });
  return { value: covariance / scale, deviations };
}

/**
 * Cohen's kappa with weights of disagreement: one less what was seen over what chance gives. Null where chance gives none: all
 * labels and predictions are one class. Source: Cohen (1968), Psychological Bulletin 70:213. Oracle: scikit-learn's cohen_kappa_score.
 */
export function kappa(disagreement: Disagreement): AgreementOf {
  return (confusion) => kappaOf(confusion, disagreement);
}

function kappaOf(confusion: Confusion, disagreement: Disagreement): Agreement | null {
  const { classes, weight } = confusion;
  const totals = classTotals(confusion);
  const total = sumOf(weight);
  const places = [...totals.keys()];
  // What a row of each label, or of each prediction, disagrees by chance.
  const byLabel = places.map((label) =>
    places.reduce((sum, other) => sum + disagreement(label, other) * totals[other].predicted, 0),
  );
  const byPrediction = places.map((predicted) =>
    places.reduce((sum, other) => sum + disagreement(other, predicted) * totals[other].actual, 0),
  );
  const expected = places.reduce((sum, label) => sum + totals[label].actual * byLabel[label], 0);
  if (expected === 0) return null;
  const cellOf = (cell: number): [number, number] => [Math.floor(cell / classes), cell % classes];
  const seen = weight.reduce((sum, each, cell) => sum + each * disagreement(...cellOf(cell)), 0);
  const deviations = weight.map((_, cell) => {
    const [label, predicted] = cellOf(cell);
    const change = seen + total * disagreement(label, predicted);
    return (seen * total * (byLabel[label] + byPrediction[predicted])) / expected ** 2 - change / expected;
  });
  return { value: 1 - (seen * total) / expected, deviations };
}

export const anyDifference: Disagreement = (label, predicted) => Number(label !== predicted);

/** A metric of a confusion matrix. */
export type AgreementOf = (confusion: Confusion) => Agreement | null;

/**
 * Bounds on the scale of Fisher's z, which is half the logit of (1 + value) / 2, by the infinitesimal jackknife's error, or
 * those of what the rarest classes may hold (rareClassBounds) where these are wider; perfect agreement has Wilson's of that
 * share over the rows of the smallest class. constant: the model says the same of every row there can be.
 */
export function agreementEstimate(
  of: AgreementOf,
  { confusion, constant }: { confusion: Confusion; constant: boolean },
  design: Design,
): Measured {
  const agreement = of(confusion);
  if (agreement === null) return undefinedBecause("every row has the same label");
  const { value, deviations } = agreement;
  const totals = classTotals(confusion);
  // A constant prediction agrees as chance does, whatever the rows: a naive baseline's value is known.
  if (constant) return exactEstimate(0, "constant_prediction");
  const variance = deviations.reduce((sum, each, cell) => sum + confusion.squared[cell] * each * each, 0);
  const labelled = totals.filter(({ actual }) => actual > 0);
  const half = logitEstimate((1 + value) / 2, {
    standardError: Math.sqrt(variance) / 2,
    effectiveRows: Math.min(...labelled.map(({ actualRows }) => actualRows)),
    method: "jackknife_fisher_z",
    design,
  });
  const ofConfusion = (other: Confusion): number => of(other)?.value ?? value;
  return {
    ...half,
    value,
    bounds: remembered((alpha) => {
      // Labels of one class alone: kappa is 0 whatever was answered.
      if (labelled.length === 1) return { lower: -1, upper: 1 };
      const { lower, upper } = half.bounds(alpha);
      const rare = rareClassBounds(ofConfusion, confusion, { design, alpha });
      return { lower: Math.min(2 * lower - 1, rare.lower), upper: Math.max(2 * upper - 1, rare.upper) };
    }),
  };
}
