import type { ProfileFile } from "../data/profile-file.ts";
import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import { plainText } from "../kit/plain-text.ts";
import { fixed, formatCount, formatShare } from "./format-numbers.ts";
import type { ReportModel, SliceRow } from "./report-model.ts";

/** The chart templates (chart-templates.ts). */
const chartNames = [
  "roc",
  "calibration",
  "residuals",
  "forest-90",
  "forest-120",
  "forest-150",
  "forest-180",
  "number-histogram",
  "text-histogram",
] as const;
export type ChartName = (typeof chartNames)[number];

/** A drawing for the HTML report: SVG in which colours are the page's CSS variables. */
export interface Chart {
  title: string;
  /** What it shows, in words, for people who do not see it. */
  description: string;
  svg: string;
}

export interface Charts {
  /** ROC or residuals, calibration; in the order of the report. */
  evaluation: readonly Chart[];
  /** Slices with intervals, one for each metric shown. */
  slices: readonly Chart[];
  /** By column name. */
  histograms: ReadonlyMap<string, Chart>;
}

export const noCharts: Charts = { evaluation: [], slices: [], histograms: new Map() };

/** A chart before it is drawn: a template of ours and rows of numbers and cleaned texts; nothing of it is an expression. */
export interface ChartPlan {
  title: string;
  description: string;
  template: ChartName;
  data: Readonly<Record<string, readonly ChartRow[]>>;
}
type ChartRow = Readonly<Record<string, number | string>>;

export interface ChartPlans {
  evaluation: readonly ChartPlan[];
  slices: readonly ChartPlan[];
  histograms: readonly (readonly [string, ChartPlan])[];
}

/** Most feature histograms drawn: each costs a few milliseconds, and more than that nobody reads. */
export const histogramLimit = 40;
const forestLimit = 24;

/** Which charts a report has, and their data. Pure: drawing them is somebody else's work. */
export function planCharts(model: ReportModel): ChartPlans {
  const { evaluation, profile } = model;
  return {
    evaluation:
      evaluation === null
        ? []
        : [roc(evaluation), residuals(evaluation), calibration(evaluation)].flatMap((each) => each ?? []),
    slices: forests(model),
    histograms: profile === null ? [] : histograms(profile),
  };
}

function roc({ roc_curve: curve, metrics, confusion_matrix: matrix }: EvaluationFile): ChartPlan | null {
  if (curve === null || curve.length < 2) return null;
  const area = metrics.roc_auc?.value ?? null;
  return {
    title: "ROC curve",
    description: `True positive rate against false positive rate${area === null ? "" : `; the area under the curve is ${fixed(area, 3)}`}. The dashed diagonal is guessing, the dot the operating point.`,
    template: "roc",
    data: {
      curve: curve.map(([x, y]) => ({ x, y })),
      diagonal: [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
      point: matrix === null ? [] : operatingPoint(matrix),
    },
  };
}

/** The rates at which the model's labels lie on the curve; classes in the file's order, the positive one second. */
function operatingPoint({ counts }: NonNullable<EvaluationFile["confusion_matrix"]>): ChartRow[] {
  const [[tn = 0, fp = 0] = [], [fn = 0, tp = 0] = []] = counts;
  return tn + fp === 0 || fn + tp === 0 ? [] : [{ x: fp / (tn + fp), y: tp / (fn + tp) }];
}

function residuals({ residuals: bins }: EvaluationFile): ChartPlan | null {
  if (bins === null || bins.length < 2) return null;
  return {
    title: "Residuals",
    description:
      "Actual minus predicted against the prediction: median, and the band that holds 90% of the rows. Around zero everywhere is good.",
    template: "residuals",
    data: { bins: bins.map(({ predicted, lower, median, upper }) => ({ predicted, lower, median, upper })) },
  };
}

function calibration({ calibration: curve, positive }: EvaluationFile): ChartPlan | null {
  if (curve === null || curve.bins.length === 0) return null;
  const bins = curve.bins.map(({ mean_predicted, observed, lower, upper }) => ({
    x: mean_predicted,
    y: observed,
    lower,
    upper,
  }));
  return {
    title: "Calibration",
    description: `Observed share${positive === undefined ? "" : ` of ${plainText(positive, 40)}`} against the mean prediction in ${bins.length} bins of equal size, with intervals. On the dashed diagonal a prediction of 30% comes true 30% of the time.`,
    template: "calibration",
    data: {
      bins,
      diagonal: [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
    },
  };
}

function forests(model: ReportModel): ChartPlan[] {
  const longest = Math.max(0, ...model.slices.slice(0, forestLimit).map((slice) => sliceLabel(slice).length));
  const template = forestFor(longest);
  return model.sliceMetrics.flatMap((metric) => forest(model, metric, template) ?? []);
}

/** About 5.6 pixels a character at 11 pixels; vega without fonts would guess too much. */
function forestFor(longestLabel: number): ChartName {
  if (longestLabel <= 12) return "forest-90";
  if (longestLabel <= 18) return "forest-120";
  return longestLabel <= 24 ? "forest-150" : "forest-180";
}

function forest({ slices, evaluation }: ReportModel, metric: string, template: ChartName): ChartPlan | null {
  const measured = slices.flatMap((slice) => forestRow(slice, metric) ?? []).slice(0, forestLimit);
  if (measured.length < 2) return null;
  const overall = evaluation?.metrics[metric]?.value ?? null;
  const columns = [...new Set(measured.map(({ column }) => column))];
  const rows = columns.flatMap((column) => measured.filter((row) => row.column === column));
  const shown =
    measured.length === slices.length ? "" : ` (the ${measured.length} worst of ${formatCount(slices.length)})`;
  return {
    title: `${metric} by slice`,
    description: `${metric} of each slice with its interval${shown}${overall === null ? "" : `; the dashed line is ${fixed(overall, 3)} on all test rows`}.`,
    template,
    data: { slices: distinctLabels(rows), overall: overall === null ? [] : [{ value: overall }] },
  };
}

interface ForestRow extends Record<string, number | string> {
  column: string;
  label: string;
  value: number;
  lower: number;
  upper: number;
  rows: string;
}

function forestRow(slice: SliceRow, metric: string): ForestRow | null {
  const measured = slice.metrics[metric];
  if (measured === undefined || measured.value === null) return null;
  const { value, lower, upper } = measured;
  return {
    column: slice.column,
    label: sliceLabel(slice),
    value,
    lower: lower ?? value,
    upper: upper ?? value,
    rows: formatCount(slice.rows),
  };
}

function sliceLabel({ column, value }: SliceRow): string {
  return `${plainText(column, 12)} = ${value === null ? "(missing)" : plainText(value, 20)}`;
}

/** Two slices whose cut labels are equal would fall on one line of the chart. */
function distinctLabels(rows: readonly ForestRow[]): ForestRow[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const count = (seen.get(row.label) ?? 0) + 1;
    seen.set(row.label, count);
    return count === 1 ? row : { ...row, label: `${row.label} (${count})` };
  });
}

function histograms(profile: ProfileFile): (readonly [string, ChartPlan])[] {
  const plans = profile.columns.flatMap((column) => {
    const plan = column.sensitive ? null : (numberHistogram(column) ?? textHistogram(column));
    return plan === null ? [] : [[column.name, plan] as const];
  });
  return plans.slice(0, histogramLimit);
}

type Column = ProfileFile["columns"][number];

function numberHistogram({ histogram, name }: Column): ChartPlan | null {
  if (histogram === undefined || histogram.counts.length === 0) return null;
  const { edges, counts } = histogram;
  const bars = counts.map((count, bin) => ({ from: edges[bin] ?? 0, to: edges[bin + 1] ?? 0, count }));
  return {
    title: "",
    description: `Histogram of ${plainText(name, 60)} in ${counts.length} bins`,
    template: "number-histogram",
    data: { bars },
  };
}

const topLimit = 5;

function textHistogram({ top, name }: Column): ChartPlan | null {
  if (top === undefined || top.length === 0) return null;
  const labels = new Set<string>();
  const bars = top.slice(0, topLimit).flatMap(({ value, share }) => {
    const label = plainText(value, 15) || "(empty)";
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
