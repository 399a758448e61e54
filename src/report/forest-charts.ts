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
  const measured = fairShare(slices.flatMap((slice) => measure(slice, metric.name) ?? []));
  if (measured.length < 2) return null;
  const overall = evaluation?.metrics[metric.name]?.value ?? null;
  const size = sizeFor(measured, sliceMetrics.length === 1);
  const axis = axisOf(measured, overall);
  return {
    title: `${metric.name} by slice`,
    description: describe({ metric, overall, shown: measured.length, of: slices.length }),
    ...noteOf(measured, axis),
    template: size.template,
    data: {
      ...forestData(measured, axis, size.characters),
      overall: overall === null ? [] : [{ value: overall }],
    },
  };
}

/** Worst first and not too many; where they are, every column keeps its worst ones. */
function fairShare(measured: readonly Measured[]): Measured[] {
  const share = Math.floor(forestLimit / new Set(measured.map(({ column }) => column)).size);
  const seen = new Map<string, number>();
  const first = new Set(
    measured.filter(({ column }) => {
      const before = seen.get(column) ?? 0;
      seen.set(column, before + 1);
      return before < share;
    }),
  );
  const others = measured.filter((each) => !first.has(each)).slice(0, Math.max(0, forestLimit - first.size));
  return measured.filter((each) => first.has(each) || others.includes(each)).slice(0, forestLimit);
}

function noteOf(measured: readonly Measured[], axis: Axis): Pick<ChartPlan, "note"> {
  const notes = [
    ...(measured.some(({ isSmall }) => isSmall)
      ? ["A hollow dot: the slice has fewer rows than evaluate.smallest_slice, and no gate passes on its behalf."]
      : []),
    ...(measured.some((each) => each.lower < axis.low || each.upper > axis.high)
      ? ["An arrow: the interval of that small slice goes on."]
      : []),
  ];
  return notes.length === 0 ? {} : { note: notes.join(" ") };
}

interface Measured {
  column: string;
  value: string;
  rows: number;
  estimate: number;
  lower: number;
  upper: number;
  /** Too few rows to rest a gate on. */
  isSmall: boolean;
}

function measure({ column, value, rows, rows_lacking, metrics }: SliceRow, metric: string): Measured | null {
  const { value: estimate, lower, upper } = metrics[metric] ?? { value: null, lower: null, upper: null };
  if (estimate === null) return null;
  const shown = value === null ? "(missing)" : value;
  const isSmall = rows_lacking !== undefined;
  return { column, value: shown, rows, estimate, lower: lower ?? estimate, upper: upper ?? estimate, isSmall };
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
  const lines = (isSmall: boolean): ChartRow[] =>
    placed
      .filter((each) => each.isSmall === isSmall)
      .map(({ place, lower, upper }) => ({ place, lower: inside(lower), upper: inside(upper) }));
  const dots = (isSmall: boolean): ChartRow[] =>
    marks(
      (each) => each.isSmall === isSmall && each.estimate === inside(each.estimate),
      ({ estimate }) => estimate,
    );
  return {
    headings,
    labels: placed.map(({ place, value, rows }) => ({
      place,
      label: plainText(value, characters) || "(empty)",
      rows: formatCount(rows),
    })),
    slices: lines(false),
    small: lines(true),
    dots: dots(false),
    "hollow-dots": dots(true),
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
