import { plainText } from "../kit/plain-text.ts";
import type { ChartName, ChartPlan, ChartRow } from "./chart-plan.ts";
import type { SliceMetric, SliceRow } from "./evaluation-view.ts";
import { fixed, formatCount } from "./format-numbers.ts";
import type { ReportModel } from "./report-model.ts";

const forestLimit = 24;
/** Slices with fewer rows do not stretch the axis: an interval from 0 to 400 of three rows would hide all others. */
const firmRows = 30;

/** A chart of slices with intervals for each metric shown; one alone is wide. */
export function planForests(model: ReportModel): ChartPlan[] {
  return model.sliceMetrics.flatMap((metric) => forest(model, metric) ?? []);
}

function forest(model: ReportModel, metric: SliceMetric): ChartPlan | null {
  const { slices, sliceMetrics, evaluation } = model;
  const measured = slices.flatMap((slice) => measure(slice, metric.name) ?? []).slice(0, forestLimit);
  if (measured.length < 2) return null;
  const overall = evaluation?.metrics[metric.name]?.value ?? null;
  const size = sizeFor(measured, sliceMetrics.length === 1);
  const axis = axisOf(measured, overall);
  return {
    title: `${metric.name} by slice`,
    description: describe({ metric, overall, shown: measured.length, of: slices.length }),
    ...(measured.some((each) => each.lower < axis.low || each.upper > axis.high)
      ? { note: "An arrow: the interval of that small slice goes on." }
      : {}),
    template: size.template,
    data: {
      ...forestData(measured, axis, size.characters),
      overall: overall === null ? [] : [{ value: overall }],
    },
  };
}

interface Measured {
  column: string;
  value: string;
  rows: number;
  estimate: number;
  lower: number;
  upper: number;
}

function measure({ column, value, rows, metrics }: SliceRow, metric: string): Measured | null {
  const { value: estimate, lower, upper } = metrics[metric] ?? { value: null, lower: null, upper: null };
  if (estimate === null) return null;
  const shown = value === null ? "(missing)" : value;
  return { column, value: shown, rows, estimate, lower: lower ?? estimate, upper: upper ?? estimate };
}

interface Size {
  template: ChartName;
  /** Characters of a label that its room takes. */
  characters: number;
}

const shortLabel = 14;

function sizeFor(measured: readonly Measured[], isAlone: boolean): Size {
  const longest = Math.max(...measured.map(({ column, value }) => Math.max(column.length, value.length)));
  if (longest <= shortLabel)
    return { template: isAlone ? "forest-wide-short" : "forest-short", characters: shortLabel };
  return isAlone ? { template: "forest-wide-long", characters: 27 } : { template: "forest-long", characters: 24 };
}

interface Axis {
  low: number;
  high: number;
}

/** Just around the intervals of the slices with enough rows, and all rows; of all slices when hardly any has enough. */
function axisOf(measured: readonly Measured[], overall: number | null): Axis {
  const firm = measured.filter(({ rows }) => rows >= firmRows);
  const deciding = firm.length < 2 ? measured : firm;
  const middle = overall === null ? [] : [overall];
  const low = Math.min(...deciding.map(({ lower }) => lower), ...middle);
  const high = Math.max(...deciding.map(({ upper }) => upper), ...middle);
  const room = (high - low) / 20;
  return {
    low: Math.max(low - room, Math.min(low, ...measured.map(({ lower }) => lower))),
    high: Math.min(high + room, Math.max(high, ...measured.map(({ upper }) => upper))),
  };
}

/** Rows of the template's data sets; a column's name stands above its slices. */
function forestData(measured: readonly Measured[], { low, high }: Axis, characters: number) {
  const headings: ChartRow[] = [];
  const placed: (Measured & { place: number })[] = [];
  for (const column of new Set(measured.map((each) => each.column))) {
    headings.push({ place: headings.length + placed.length, label: plainText(column, characters) });
    for (const each of measured) {
      if (each.column === column) placed.push({ ...each, place: headings.length + placed.length });
    }
  }
  const inside = (value: number) => Math.min(Math.max(value, low), high);
  const marks = (which: (each: Measured) => boolean, x: (each: Measured) => number): ChartRow[] =>
    placed.filter(which).map((each) => ({ place: each.place, value: x(each) }));
  return {
    headings,
    slices: placed.map(({ place, value, rows, lower, upper }) => ({
      place,
      label: plainText(value, characters) || "(empty)",
      rows: formatCount(rows),
      lower: inside(lower),
      upper: inside(upper),
    })),
    dots: marks(
      ({ estimate }) => estimate === inside(estimate),
      ({ estimate }) => estimate,
    ),
    "cut-left": marks(
      ({ lower }) => lower < low,
      () => low,
    ),
    "cut-right": marks(
      ({ upper }) => upper > high,
      () => high,
    ),
  };
}

function describe(told: { metric: SliceMetric; overall: number | null; shown: number; of: number }): string {
  const { metric, overall, shown, of } = told;
  const part = shown === of ? "" : ` (${formatCount(shown)} of ${formatCount(of)})`;
  const line = overall === null ? "" : `; the dashed line is ${fixed(overall, metric.decimals)} on all test rows`;
  return `${metric.name} of each slice with its interval${part}${line}.`;
}
