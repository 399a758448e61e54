import type { ProfileFile } from "../data/profile-file.ts";
import { plainText } from "../kit/plain-text.ts";
import type { ChartPlan } from "./chart-plan.ts";
import { formatShare, shortest } from "./format-numbers.ts";

type Column = ProfileFile["columns"][number];
type Histogram = NonNullable<Column["histogram"]>;

/** Most pictures of columns drawn: each costs a few milliseconds, and more than that nobody reads. */
export const histogramLimit = 40;

/** Pictures of the columns whose values may be shown, by column name. */
export function planHistograms({ columns }: ProfileFile): (readonly [string, ChartPlan])[] {
  const plans = columns.flatMap((column) => {
    const plan = column.sensitive ? null : (fewNumbers(column) ?? numberHistogram(column) ?? textHistogram(column));
    return plan === null ? [] : [[column.name, plan] as const];
  });
  return plans.slice(0, histogramLimit);
}

const topLimit = 5;

/** Up to five different numbers, such as a 0/1 label: a bar with its share each, since an axis from −0.5 to 1.5 says nothing. */
function fewNumbers(column: Column): ChartPlan | null {
  const { kind, distinct, top } = column;
  if (kind !== "number" || top === undefined || !distinct.exact || distinct.count > topLimit) return null;
  return textHistogram({ ...column, top: [...top].sort((a, b) => Number(a.value) - Number(b.value)) });
}

const labelledBars = 14;

function numberHistogram(column: Column): ChartPlan | null {
  const { histogram, name } = column;
  if (histogram === undefined || histogram.counts.length === 0) return null;
  const { edges, counts } = histogram;
  const words = { title: "", description: `Histogram of ${plainText(name, 60)} in ${counts.length} bins` };
  if (counts.length <= labelledBars && edges.every((edge, bin) => edge === (edges[0] ?? 0) + bin && edge % 1 !== 0)) {
    const bars = counts.map((height, bin) => ({ label: shortest((edges[bin] ?? 0) + 0.5), height }));
    return { ...words, template: "integer-histogram", data: { bars } };
  }
  const middle = middleOf(column, histogram);
  const bars = middle ?? counts.map((height, bin) => ({ from: edges[bin] ?? 0, to: edges[bin + 1] ?? 0, height }));
  return {
    ...words,
    ...(middle === null ? {} : { note: "The middle 98 %: the rest lies too far out to be drawn." }),
    template: "number-histogram",
    data: { bars },
  };
}

interface Bar extends Record<string, number> {
  from: number;
  to: number;
  height: number;
}

const quantileShares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/**
 * The middle 98 % where it fills less than a fifth of the axis, so that a few far values would press it into a line: a
 * histogram between quantiles, each bar as high as its share is dense. Null where it fills more, or quantiles coincide.
 */
function middleOf({ numeric }: Column, { edges }: Histogram): Bar[] | null {
  if (numeric === undefined || numeric.quantiles === null) return null;
  const { q01, q05, q25, q50, q75, q95, q99 } = numeric.quantiles;
  const ends = [q01, q05, q25, q50, q75, q95, q99];
  if ((q99 - q01) * 5 >= (edges[edges.length - 1] ?? 0) - (edges[0] ?? 0)) return null;
  const bars = ends.slice(1).map((to, bin) => {
    const from = ends[bin] ?? 0;
    const share = (quantileShares[bin + 1] ?? 0) - (quantileShares[bin] ?? 0);
    return { from, to, height: share / (to - from) };
  });
  return bars.every(({ height }) => Number.isFinite(height) && height > 0) ? bars : null;
}

function textHistogram({ top, name }: Column): ChartPlan | null {
  if (top === undefined || top.length === 0) return null;
  const labels = new Set<string>();
  const bars = top.slice(0, topLimit).flatMap(({ value, share }) => {
    const label = plainText(value, 14) || "(empty)";
    if (labels.has(label)) return [];
    labels.add(label);
    return [{ label, share, text: formatShare(share) }];
  });
  return {
    title: "",
    description: `Most frequent values of ${plainText(name, 60)}`,
    template: "text-histogram",
    data: { bars },
  };
}
