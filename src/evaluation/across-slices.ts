import { type Bounds, type Estimate, unboundedText } from "../stats/bounds.ts";
import { ratioBounds, sumBounds } from "../stats/mover.ts";

// worst, gap and ratio over slices. A claim that all slices are good enough is an intersection-union test: it holds when each
// holds at alpha (Berger, 1982). A claim that some slice is bad picks one among many, so alpha is shared among them (Bonferroni).

export interface SliceEstimates {
  estimates: readonly Estimate[];
  /** Some slice has no estimate: nothing may then be claimed of all of them. */
  incomplete: boolean;
  range: readonly [number, number];
}

/** Smallest value (largest where lower is better) over slices. */
export function worstOf({ estimates, incomplete, range }: SliceEstimates, better: "higher" | "lower"): Estimate {
  const values = estimates.map(({ value }) => value);
  const each = (alpha: number): readonly Bounds[] => estimates.map((estimate) => estimate.bounds(alpha));
  const bounds = (alpha: number): Bounds => {
    const all = each(alpha);
    const some = each(alpha / estimates.length);
    return better === "higher"
      ? {
          lower: incomplete ? range[0] : Math.min(...all.map(({ lower }) => lower)),
          upper: Math.min(...some.map(({ upper }) => upper)),
        }
      : {
          lower: Math.max(...some.map(({ lower }) => lower)),
          upper: incomplete ? range[1] : Math.max(...all.map(({ upper }) => upper)),
        };
  };
  return summary(better === "higher" ? Math.min(...values) : Math.max(...values), estimates, bounds);
}

/**
 * Place of the slice whose rows are too few for more to be claimed: the one with the worst bound, or of the pair that is
 * furthest apart within its bounds the one that is known less exactly.
 */
export function limitingSlice(
  kind: "worst" | "gap" | "ratio",
  estimates: readonly Estimate[],
  { better, alpha }: { better: "higher" | "lower" | null; alpha: number },
): number {
  const places = estimates.map((_, place) => place);
  if (kind === "worst") {
    const bounds = estimates.map((estimate) => estimate.bounds(alpha));
    return leastBy(places, (place) => (better === "lower" ? -bounds[place].upper : bounds[place].lower));
  }
  const apart = (pair: readonly [Estimate, Estimate]): number =>
    kind === "gap" ? -pairBounds(pair, alpha).upper : ratioBounds(...pair, alpha).lower;
  const pairs = pairsAt(estimates, alpha);
  const widths = estimates.map((estimate) => widthOf(estimate.bounds(alpha)));
  const worst = leastBy(
    pairs.map((_, place) => place),
    (place) => apart(pairs[place]),
  );
  // Pairs are in the order of their first slice, each with every other one.
  const first = Math.floor(worst / (estimates.length - 1));
  const among = worst % (estimates.length - 1);
  const second = among < first ? among : among + 1;
  return widths[first] >= widths[second] ? first : second;
}

function widthOf({ lower, upper }: Bounds): number {
  return upper - lower;
}

function leastBy(places: readonly number[], of: (place: number) => number): number {
  const sizes = places.map(of);
  return places.reduce((least, place) => (sizes[place] < sizes[least] ? place : least), 0);
}

/** Largest minus smallest value; bounds over every pair of slices, which share no rows. */
export function gapOf({ estimates, incomplete, range }: SliceEstimates): Estimate {
  const count = estimates.length * (estimates.length - 1);
  const values = estimates.map(({ value }) => value);
  return summary(Math.max(...values) - Math.min(...values), estimates, (alpha) => ({
    lower: largest(
      pairsAt(estimates, alpha / count).map((pair) => pairBounds(pair, alpha / count).lower),
      0,
    ),
    upper: incomplete
      ? range[1] - range[0]
      : largest(
          pairsAt(estimates, alpha).map((pair) => pairBounds(pair, alpha).upper),
          0,
        ),
  }));
}

function pairBounds([first, second]: readonly [Estimate, Estimate], alpha: number): Bounds {
  return sumBounds(
    [
      { coefficient: 1, estimate: first },
      { coefficient: -1, estimate: second },
    ],
    () => 0,
    alpha,
  );
}

/** Smallest over largest value, in [0, 1] (disparate impact); 1 when all are 0. */
export function ratioOf({ estimates, incomplete }: SliceEstimates): Estimate {
  const count = estimates.length * (estimates.length - 1);
  const values = estimates.map(({ value }) => value);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  // Where nothing is known of a slice, that a ratio is never above 1 would pass for a bound.
  const most = estimates.some(({ unbounded }) => unbounded !== undefined) ? Number.POSITIVE_INFINITY : 1;
  return summary(highest === 0 ? 1 : lowest / highest, estimates, (alpha) => ({
    lower: incomplete
      ? 0
      : smallest(
          pairsAt(estimates, alpha).map(([first, second]) => ratioBounds(first, second, alpha).lower),
          1,
        ),
    upper: smallest(
      pairsAt(estimates, alpha / count).map(([first, second]) => ratioBounds(first, second, alpha / count).upper),
      most,
    ),
  }));
}

function summary(value: number, estimates: readonly Estimate[], bounds: (alpha: number) => Bounds): Estimate {
  return {
    value,
    method: "intersection_union",
    effectiveRows: Math.min(...estimates.map(({ effectiveRows }) => effectiveRows)),
    ...unboundedText(estimates),
    bounds,
  };
}

/** Every ordered pair, with bounds computed once per slice: 200 slices make 39,800 pairs. */
function pairsAt(slices: readonly Estimate[], alpha: number): (readonly [Estimate, Estimate])[] {
  const estimates = slices.map((estimate) => {
    const fixed = estimate.bounds(alpha);
    return { ...estimate, bounds: () => fixed };
  });
  return estimates.flatMap((first, i) => estimates.flatMap((second, j) => (i === j ? [] : [[first, second] as const])));
}

function largest(values: readonly number[], start: number): number {
  return values.reduce((best, value) => Math.max(best, value), start);
}

function smallest(values: readonly number[], start: number): number {
  return values.reduce((best, value) => Math.min(best, value), start);
}
