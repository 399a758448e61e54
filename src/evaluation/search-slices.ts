import { fillRows } from "../stats/fill-rows.ts";
import type { FoundSlices, MetricValue } from "./evaluation-file.ts";
import { type FoundSlice, findSlices } from "./find-slices.ts";
import type { Predictions } from "./predictions.ts";
import { estimateOrNull } from "./quantity.ts";
import type { Sample } from "./sample.ts";
import { otherGroups, type SliceColumn, shownOf } from "./slice-column.ts";
import type { SearchedColumn, SearchedRows } from "./slice-table.ts";
import { measureSubject } from "./subject.ts";

/** What evaluate.find_slices asks for. */
export interface SlicePlan {
  /** Columns that are searched, over the evaluated rows. */
  columns: readonly SliceColumn[];
  depth: 1 | 2;
  most: number;
}

interface Searched extends SlicePlan {
  predictions: Predictions;
  /** The model on all rows. */
  sample: Sample;
  smallestSlice: number;
  level: number;
}

/** Metrics that are a mean over rows, the first that the rows define is searched by. */
const losses = ["log_loss", "accuracy", "mae"] as const;
type LossMetric = (typeof losses)[number];

/** A slice of less than one row in a hundred is too narrow to act on, and each one looked at costs certainty of the others. */
const smallestShare = 0.01;

/** Searches for the rows that the model serves worst; null where no metric is a mean over all rows, or these are of one group. */
export function searchSlices(search: Searched): FoundSlices | null {
  const { predictions, sample, columns, level } = search;
  const metric = losses.find((name) => estimateOrNull(sample.metrics.get(name)) !== null);
  // Of one group there is no contribution of groups: what is beyond chance cannot be told.
  if (metric === undefined || sample.contributions(metric) === null) return null;
  const total = predictions.labels.length;
  const smallest = Math.max(search.smallestSlice, Math.ceil(smallestShare * total));
  const coded = columns.map((column) => searchedColumn(column, smallest));
  const { candidates, found } = findSlices({
    ...rowLosses(search, metric),
    columns: coded.map(({ searched }) => searched),
    depth: search.depth,
    smallest,
    most: search.most,
    alpha: 1 - level,
  });
  const names = coded.map(({ shown }) => shown);
  const overall = estimateOrNull(sample.metrics.get(metric))?.value ?? Number.NaN;
  return {
    metric,
    columns: columns.map(({ name }) => name),
    candidates,
    smallest,
    slices: found.map((slice) => ({
      conditions: slice.levels.map(({ column, code }) => ({
        column: columns[column].name,
        value: names[column][code - 1],
      })),
      rows: slice.rows,
      ...written(slice, { metric, overall, level }),
      p_adjusted: slice.pAdjusted,
    })),
  };
}

/** Levels with enough rows get a code; `shown` has what each is called, null for rows without a value. */
function searchedColumn(
  column: SliceColumn,
  smallest: number,
): { searched: SearchedColumn; shown: readonly (string | null)[] } {
  const { codes, levels } = column;
  const counts = new Uint32Array(levels.length + 1);
  for (const code of codes) counts[code + 1] += 1;
  const names = [null, ...shownOf(column)];
  const kept = [...names.keys()].filter((slot) => counts[slot] >= smallest && names[slot] !== otherGroups);
  const codeOf = new Uint8Array(names.length);
  for (const [place, slot] of kept.entries()) codeOf[slot] = place + 1;
  return {
    searched: { codes: fillRows(new Uint8Array(codes.length), (row) => codeOf[codes[row] + 1]), levels: kept.length },
    shown: kept.map((slot) => names[slot]),
  };
}

/** A mean's contributions are its rows' losses, less their mean, over the number of rows. */
function rowLosses({ predictions, sample }: Searched, metric: LossMetric): SearchedRows {
  const { weights, clusters = null } = predictions;
  const alone = clusters === null ? sample : measureSubject({ ...predictions, clusters: null }).all;
  const contributions = alone.contributions(metric) ?? new Float64Array(predictions.labels.length);
  const sign = metric === "accuracy" ? -1 : 1;
  const total = weights === null ? contributions.length : weights.reduce((sum, weight) => sum + weight, 0);
  const scaled = fillRows(new Float64Array(contributions.length), (row) => {
    const weight = weights === null ? 1 : weights[row];
    return weight === 0 ? 0 : (sign * contributions[row] * total) / weight;
  });
  const designEffect = clusters === null ? 1 : sumOfSquares(sample.contributions(metric)) / sumOfSquares(contributions);
  return { losses: scaled, weights, designEffect: designEffect > 1 ? designEffect : 1 };
}

function sumOfSquares(values: Float64Array | null): number {
  let sum = 0;
  for (const value of values ?? []) sum += value * value;
  return sum;
}

/** In the metric's own direction and range. */
function written(
  { mean, difference }: FoundSlice,
  { metric, overall, level }: { metric: LossMetric; overall: number; level: number },
): { measured: MetricValue; rest: number; difference: number; lower: number; upper: number } {
  const turn = ({ value, lower, upper }: FoundSlice["mean"]) =>
    metric === "accuracy" ? { value: -value, lower: -upper, upper: -lower } : { value, lower, upper };
  const [own, other] = [turn(mean), turn(difference)];
  const most = metric === "accuracy" ? 1 : Number.POSITIVE_INFINITY;
  return {
    measured: {
      value: overall + own.value,
      lower: Math.max(0, overall + own.lower),
      upper: Math.min(most, overall + own.upper),
      level,
      method: "bonferroni",
    },
    rest: overall + own.value - other.value,
    difference: other.value,
    lower: other.lower,
    upper: other.upper,
  };
}
