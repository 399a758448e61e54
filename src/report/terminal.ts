import type { GateResult } from "../evaluation/evaluation-file.ts";
import { plainText } from "../kit/plain-text.ts";
import { absent, formatCount, formatDifference, formatGate, formatMeasured, formatValue } from "./format-numbers.ts";
import type { ReportVerdict } from "./headline.ts";
import type { MetricRow, ReportFinding, ReportModel, SliceRow } from "./report-model.ts";
import { type Paint, paintWith } from "./terminal-colour.ts";
import { cutTo, displayWidth, padEnd, padStart, wrap } from "./terminal-width.ts";
import { messageOf } from "./wording.ts";

export interface TerminalOptions {
  /** Escape codes only when the caller knows that they are wanted (a terminal, no NO_COLOR). */
  colour: boolean;
  /** Columns; lines are wrapped or cut to it. */
  width: number;
  /** Files to name at the end: [name, path]. */
  files?: readonly (readonly [string, string])[];
}

const metricLimit = 6;
const sliceLimit = 5;
const findingLimit = 8;
const gateMarks = { pass: "✓", fail: "✗", inconclusive: "?", skipped: "–" } as const;
const verdictColours = {
  pass: "green",
  fail: "red",
  inconclusive: "yellow",
  pending: "yellow",
  incomplete: "yellow",
} as const satisfies Record<ReportVerdict, keyof Paint>;

/** What a person reads after `mlops run`: the verdict, why, what next; metrics, gates, worst slices, findings, files. */
export function renderTerminal(model: ReportModel, options: TerminalOptions): string {
  const page: Page = { paint: paintWith(options.colour), width: Math.max(40, options.width) };
  const parts = [
    headline(model, page),
    gates(model, page),
    metrics(model, page),
    slices(model, page),
    findings(model, page),
    files(options.files ?? [], page),
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

interface Page {
  paint: Paint;
  width: number;
}

function headline(model: ReportModel, { paint, width }: Page): string[] {
  const { ship, why, next } = model.headline;
  const reasons = why.slice(0, 3).map((reason) => safe(reason));
  const more = why.length > 3 ? `; and ${why.length - 3} more` : "";
  return [
    `${paint[verdictColours[model.verdict]](paint.bold(ship))}  ${paint.bold(cutTo(safe(model.name), width - displayWidth(ship) - 2))}`,
    ...hanging("why   ", `${reasons.join("; ")}${more}`, width),
    ...hanging("next  ", safe(next), width),
  ];
}

function gates(model: ReportModel, page: Page): string[] {
  if (model.gates.length === 0) return [];
  return [page.paint.dim("gates"), ...model.gates.flatMap((gate) => gateLines(gate, page))];
}

function gateLines(gate: GateResult, { paint, width }: Page): string[] {
  const mark = gateMarks[gate.verdict];
  const colour = gate.verdict === "pass" ? paint.green : gate.verdict === "fail" ? paint.red : paint.yellow;
  const numbers = formatGate(gate);
  const interval = numbers.interval === "" ? "" : ` [${numbers.interval.replace(" to ", ", ")}]`;
  const measured = gate.measured === null ? "" : `${numbers.measured}${interval}`;
  const room = width - 4 - displayWidth(measured) - 2;
  const text = safe(gate.gate);
  const line =
    displayWidth(text) <= room
      ? [`  ${colour(mark)} ${padEnd(text, room)}  ${measured}`]
      : [`  ${colour(mark)} ${cutTo(text, width - 4)}`, ...(measured === "" ? [] : [`    ${measured}`])];
  const why = gate.verdict === "pass" ? [] : wrap(safe(gate.why), width - 4).map((each) => `    ${paint.dim(each)}`);
  return [...line.map((each) => each.trimEnd()), ...why];
}

function metrics(model: ReportModel, { paint, width }: Page): string[] {
  if (model.metrics.length === 0) return [];
  const test = model.evaluation === null ? "" : ` on ${formatCount(model.evaluation.rows)} test rows`;
  const baseline = model.baselineKind === null ? "" : `; baseline ${safe(model.baselineKind, 14)}`;
  const rows = model.metrics.slice(0, metricLimit).map(metricCells);
  const table = columns([["", "model", "baseline", "difference"], ...rows], width - 2);
  const [head = "", ...body] = table;
  const more =
    model.metrics.length > metricLimit
      ? [paint.dim(`  and ${model.metrics.length - metricLimit} more in the report`)]
      : [];
  return [paint.dim(`metrics${test}${baseline}`), paint.dim(`  ${head}`), ...body.map((line) => `  ${line}`), ...more];
}

function metricCells(row: MetricRow): string[] {
  const difference = row.difference;
  return [
    safe(row.name, 24),
    formatMeasured(row.value),
    row.baseline === null ? absent : formatValue(row.baseline),
    difference === null ? absent : formatDifference({ ...difference, value: difference.difference }),
  ];
}

function slices(model: ReportModel, { paint, width }: Page): string[] {
  const [metric] = model.sliceMetrics;
  if (metric === undefined || model.slices.length === 0) return [];
  const rows = model.slices.slice(0, sliceLimit).map((slice) => sliceCells(slice, metric));
  const table = columns(rows, width - 2);
  const of = model.slices.length > sliceLimit ? ` (${sliceLimit} of ${formatCount(model.slices.length)})` : "";
  return [paint.dim(cutTo(`slices, worst ${safe(metric, 40)} first${of}`, width)), ...table.map((line) => `  ${line}`)];
}

function sliceCells(slice: SliceRow, metric: string): string[] {
  const value = slice.metrics[metric];
  return [
    `${safe(slice.column, 20)} = ${slice.value === null ? "(missing)" : safe(slice.value, 24)}`,
    value === undefined ? absent : formatMeasured(value),
    `${formatCount(slice.rows)} rows`,
  ];
}

function findings(model: ReportModel, { paint, width }: Page): string[] {
  const look = model.findings.filter((finding) => finding.severity !== "note");
  const notes = model.findings.length - look.length;
  const shown = look.slice(0, findingLimit).flatMap((finding) => findingLines(finding, { paint, width }));
  const rest = [
    look.length > findingLimit ? `${formatCount(look.length - findingLimit)} more` : null,
    notes > 0 ? `${formatCount(notes)} note${notes === 1 ? "" : "s"}` : null,
  ].filter((part) => part !== null);
  const more =
    rest.length === 0 ? [] : [paint.dim(`  ${look.length === 0 ? "" : "and "}${rest.join(" and ")} in the report`)];
  return model.findings.length === 0 ? [] : [paint.dim("findings"), ...shown, ...more];
}

function findingLines(finding: ReportFinding, { paint, width }: Page): string[] {
  const marks = { error: paint.red("✗"), warning: paint.yellow("!"), note: paint.dim("·") } as const;
  const lines = wrap(`${safe(finding.subject, 60)}: ${safe(messageOf(finding))}`, width - 4);
  return lines.map((line, index) => `  ${index === 0 ? marks[finding.severity] : " "} ${line}`);
}

function files(list: NonNullable<TerminalOptions["files"]>, { paint }: Page): string[] {
  const longest = Math.max(0, ...list.map(([name]) => name.length));
  return list.map(([name, path]) => `${paint.dim(name.padEnd(longest))}  ${safe(path, 400)}`);
}

/**
 * A value on its way to a terminal or a job's log: one line without control characters, and nothing that a runner
 * would read as a workflow command.
 */
function safe(value: string, limit = 240): string {
  return plainText(value, limit).replaceAll("::", ": :").replaceAll("##[", "## [");
}

function hanging(label: string, text: string, width: number): string[] {
  return wrap(text, width - label.length).map(
    (line, index) => `${index === 0 ? label : " ".repeat(label.length)}${line}`,
  );
}

/** Left-aligned first column, right-aligned others; the first is cut when the line would be wider than `width`. */
function columns(rows: readonly (readonly string[])[], width: number): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ""))),
  );
  const rest = widths.slice(1).reduce((sum, each) => sum + each + 2, 0);
  const first = Math.max(8, Math.min(widths[0] ?? 0, width - rest));
  return rows.map(([head = "", ...cells]) =>
    cutTo(
      [padEnd(head, first), ...cells.map((cell, index) => padStart(cell, widths[index + 1] ?? 0))].join("  "),
      width,
    ).trimEnd(),
  );
}
