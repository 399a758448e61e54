import { clopperPearsonBounds } from "../stats/clopper-pearson.ts";
import { logHypergeometricSurvival } from "../stats/hypergeometric.ts";
import { normalQuantile, studentQuantile, studentSurvival } from "../stats/quantile-functions.ts";
import { type LossMoments, type LossSums, momentsOf, type SearchedRows } from "./slice-table.ts";

// Whether some rows have a higher mean loss than others, by chance or not: what the search for slices asks of every candidate.

/** Some rows, and others that are none of them. */
export interface Contrast {
  slice: LossSums;
  others: LossSums;
  /** The rows whose variance both sides have at least, where losses are no errors: they hold the slice. */
  all: LossSums;
}

export interface Bounded {
  value: number;
  lower: number;
  upper: number;
}

export interface LossTest {
  /** How far the slice's mean loss lies above the others', in units of what chance reaches with probability alpha: above 1 it is beyond. */
  support(contrast: Contrast, alpha: number): number;
  /** Two-sided: twice that of one side. */
  pValue(contrast: Contrast): number;
  /** Mean loss of the slice, and less that of the others; each bound one-sided at alpha. */
  bounds(contrast: Contrast, alpha: number): { mean: Bounded; difference: Bounded };
}

/** Errors are counted, exactly; other losses, and rows of unequal weights or in clusters, are compared by their means and variances. */
export function lossTestOf({ losses, weights, designEffect }: SearchedRows, rows: Uint32Array): LossTest {
  const isCounted = designEffect === 1 && (weights === null || rows.every((row) => weights[row] === weights[rows[0]]));
  const values = isCounted ? twoValues(losses, rows) : null;
  return values === null ? welchTest : exactTest(values);
}

interface TwoValues {
  low: number;
  high: number;
}

/** null where the losses have fewer values than two, or more. */
function twoValues(losses: Float64Array, rows: Uint32Array): TwoValues | null {
  if (rows.length === 0) return null;
  const first = losses[rows[0]];
  let second = first;
  for (const row of rows) {
    const loss = losses[row];
    if (loss === first || loss === second) continue;
    if (second !== first) return null;
    second = loss;
  }
  return first === second ? null : { low: Math.min(first, second), high: Math.max(first, second) };
}

/**
 * Fisher's exact test of how many of the slice's rows have the higher loss, given how many of all have it: right with any number
 * of errors. Bounds are Clopper and Pearson's, of a difference added by MOVER.
 */
function exactTest({ low, high }: TwoValues): LossTest {
  const step = high - low;
  const countOf = ({ rows, weight, loss }: LossSums) => {
    return { rows, hits: rows === 0 ? 0 : Math.round((rows * (loss / weight - low)) / step) };
  };
  const logP = ({ slice, others }: Contrast): number => {
    const [own, other] = [countOf(slice), countOf(others)];
    const [population, marked] = [own.rows + other.rows, own.hits + other.hits];
    if (own.hits * population <= marked * own.rows) return 0;
    return logHypergeometricSurvival({ population, marked, draws: own.rows }, own.hits);
  };
  return {
    support: (contrast, alpha) => logP(contrast) / Math.log(alpha),
    pValue: (contrast) => Math.min(1, 2 * Math.exp(logP(contrast))),
    bounds: ({ slice, others }, alpha) => {
      const [own, other] = [slice, others].map((sums) => {
        const counted = countOf(sums);
        return { value: counted.hits / counted.rows, ...clopperPearsonBounds(counted, alpha) };
      });
      const value = own.value - other.value;
      const scaled = (share: number): number => share * step;
      return {
        mean: { value: low + scaled(own.value), lower: low + scaled(own.lower), upper: low + scaled(own.upper) },
        difference: {
          value: scaled(value),
          lower: scaled(value - Math.hypot(own.value - own.lower, other.upper - other.value)),
          upper: scaled(value + Math.hypot(own.upper - own.value, other.value - other.lower)),
        },
      };
    },
  };
}

/**
 * Welch's statistic, where no side's variance counts for less than that of all rows (losses that happen to lie close together prove
 * nothing by it), by Student's t. Losses are skewed to the right, so that a slice with a high mean has a high variance too: the
 * statistic errs to the safe side.
 */
const welchTest: LossTest = {
  support: (contrast, alpha) => {
    const score = statistic(contrast);
    // Student's quantile lies above the normal one and takes longer.
    const normal = normalQuantile(1 - alpha);
    if (!(score > normal)) return score / normal;
    return score / studentQuantile(1 - alpha, momentsOf(contrast.slice).effectiveRows - 1);
  },
  pValue: (contrast) =>
    Math.min(1, 2 * studentSurvival(statistic(contrast), momentsOf(contrast.slice).effectiveRows - 1)),
  bounds: (contrast, alpha) => {
    const { slice, others, all } = sidesOf(contrast);
    const quantile = studentQuantile(1 - alpha, slice.effectiveRows - 1);
    const bounded = (value: number, error: number): Bounded => {
      return { value, lower: value - quantile * error, upper: value + quantile * error };
    };
    return {
      mean: bounded(slice.mean, meanError(slice, all)),
      difference: bounded(slice.mean - others.mean, Math.hypot(meanError(slice, all), meanError(others, all))),
    };
  },
};

function sidesOf({ slice, others, all }: Contrast): { slice: LossMoments; others: LossMoments; all: LossMoments } {
  return { slice: momentsOf(slice), others: momentsOf(others), all: momentsOf(all) };
}

function statistic(contrast: Contrast): number {
  const { slice, others, all } = sidesOf(contrast);
  return (slice.mean - others.mean) / Math.hypot(meanError(slice, all), meanError(others, all));
}

function meanError({ variance, effectiveRows }: LossMoments, all: LossMoments): number {
  return Math.sqrt(Math.max(variance, all.variance) / effectiveRows);
}
