import type { GateResult } from "../evaluation/evaluation-file.ts";
import { counted } from "../kit/counted.ts";
import type { EvaluationView, MetricRow, SliceMetric, SliceRow } from "./evaluation-view.ts";
import {
  absent,
  formatCount,
  formatDifference,
  formatDifferenceInterval,
  formatMeasured,
  formatValue,
  hasInterval,
} from "./format-numbers.ts";
import { gateNote } from "./gate-note.ts";
import { formatGate, partsOf } from "./gate-text.ts";
import { columns, markedLine, type Page, safe } from "./terminal-page.ts";
import { cutTo, wrap } from "./terminal-width.ts";
import { gateEndLevel, gateLevel, levelOf } from "./wording.ts";

// The parts of an evaluation on a terminal; each is empty when there is nothing to say.

const gateMarks = { pass: "✓", fail: "✗", inconclusive: "?", skipped: "–" } as const;

export function gatesPart(view: EvaluationView, page: Page): string[] {
  const { gates, rows } = view;
  if (gates.length === 0) return [];
  const how = gates.flatMap(partsOf).some((gate) => hasInterval({ ...gate, value: gate.measured }))
    ? `, with ${gateLevel(view)} intervals: each end is ${gateEndLevel(view)} sure`
    : "";
  return [page.paint.dim(`gates${how}`), ...gates.flatMap((gate) => gateLines(gate, rows, page))];
}

function gateLines(gate: GateResult, rows: number, { paint, width }: Page): string[] {
  const colour = gate.verdict === "pass" ? paint.green : gate.verdict === "fail" ? paint.red : paint.yellow;
  const { measured, interval } = formatGate(gate);
  const shownInterval = interval === "" ? "" : ` [${interval.replace(" to ", ", ")}]`;
  const number = gate.measured === null ? "" : `${measured}${shownInterval}`;
  const notes = [gateNote(gate, rows), gate.purpose ?? ""].filter((note) => note !== "");
  const conditions = gate.conditions === undefined ? [] : partsOf(gate);
  return [
    ...markedLine({ mark: colour(gateMarks[gate.verdict]), text: safe(gate.gate), number }, width),
    ...notes.flatMap((note) => wrap(safe(note), width - 4).map((each) => `    ${paint.dim(each)}`)),
    ...conditions.flatMap((part) => gateLines(part, rows, { paint, width: width - 2 }).map((line) => `  ${line}`)),
  ];
}

export interface MetricsOptions {
  /** Metrics shown at most. */
  limit: number;
  /** Where the others are. */
  others: string;
  /** Column that weights the rows, or null. */
  weight: string | null;
}

export function metricsPart(view: EvaluationView, { limit, others, weight }: MetricsOptions, page: Page): string[] {
  const { metrics, rows, baselineKind, operating } = view;
  const { paint, width } = page;
  if (metrics.length === 0) return [];
  const weighted = weight === null ? "" : `, weighted by ${safe(weight, 24)}`;
  const baseline = baselineKind === null ? "" : `; baseline ${safe(baselineKind, 14)}`;
  const head = `metrics on ${counted(rows, "test row")}${weighted}, with ${levelOf(view)} intervals${baseline}`;
  const heads = baselineKind === null ? ["", "model"] : ["", "model", "baseline", "difference"];
  const body = metrics.slice(0, limit).map((row) => metricCells(row).slice(0, heads.length));
  const [titles = "", ...lines] = columns([heads, ...body], width - 2);
  const left = metrics.length - limit;
  return [
    paint.dim(cutTo(head, width)),
    paint.dim(`  ${titles}`),
    ...lines.map((line) => `  ${line}`),
    ...(left > 0 ? [paint.dim(`  and ${left} more in ${others}`)] : []),
    ...operating.flatMap((sentence) => wrap(safe(sentence, 300), width - 2).map((line) => `  ${line}`)),
  ];
}

function metricCells({ name, value, baseline, difference, decimals }: MetricRow): string[] {
  return [
    safe(name, 24),
    formatMeasured(value, decimals),
    baseline === null ? absent : formatValue(baseline, decimals),
    difference === null ? absent : formatDifference({ ...difference, value: difference.difference }, decimals),
  ];
}

const standings = { better: "better", worse: "worse", open: "no clear difference" } as const;

/** Models other than the baseline: differences, and what they show. */
export function comparedPart({ compared }: EvaluationView, limit: number, { paint, width }: Page): string[] {
  return compared.flatMap(({ against, rows }) => {
    const lines = columns(
      rows.slice(0, limit).map(({ name, difference, decimals, standing }) => {
        const measured = { ...difference, value: difference.difference };
        const interval = formatDifferenceInterval(measured, decimals);
        return [
          safe(name, 24),
          `${formatDifference(measured, decimals)}${interval === "" ? "" : ` [${interval.replace(" to ", ", ")}]`}`,
          standing === null ? "" : standings[standing],
        ];
      }),
      width - 2,
    );
    return [paint.dim(cutTo(`against ${safe(against, 40)}`, width)), ...lines.map((line) => `  ${line}`)];
  });
}

export function slicesPart({ slices, sliceMetrics }: EvaluationView, limit: number, { paint, width }: Page): string[] {
  const [metric] = sliceMetrics;
  if (metric === undefined || slices.length === 0) return [];
  const table = columns(
    slices.slice(0, limit).map((slice) => sliceCells(slice, metric)),
    width - 2,
  );
  const of = slices.length > limit ? ` (${limit} of ${formatCount(slices.length)})` : "";
  const head = `slices, worst ${safe(metric.name, 40)} first${of}`;
  return [paint.dim(cutTo(head, width)), ...table.map((line) => `  ${line}`)];
}

function sliceCells(slice: SliceRow, { name, decimals }: SliceMetric): string[] {
  const value = slice.metrics[name];
  return [
    `${safe(slice.column, 20)} = ${slice.value === null ? "(missing)" : safe(slice.value, 24)}`,
    value === undefined ? absent : formatMeasured(value, decimals),
    `${formatCount(slice.rows)} rows${slice.rows_lacking === undefined ? "" : ", too few"}`,
  ];
}
