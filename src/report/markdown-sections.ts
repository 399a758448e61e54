import { pairSign } from "../evaluation/slice-declaration.ts";
import { counted } from "../kit/counted.ts";
import { details, escapeMarkdown, markdownCode, markdownTable } from "./escape-markdown.ts";
import { type ComparedRow, type MetricRow, type SliceMetric, type SliceRow, slicesInHtml } from "./evaluation-view.ts";
import {
  absent,
  formatCount,
  formatDifference,
  formatDifferenceInterval,
  formatDuration,
  formatShare,
  formatValue,
} from "./format-numbers.ts";
import { type GoalRow, goalTarget } from "./goals.ts";
import { gateMarks, left, type MarkdownSize, metricCell, small, stacked, tooFew } from "./markdown-parts.ts";
import type { ReportFinding, ReportModel } from "./report-model.ts";
import type { StepRow } from "./run-facts.ts";
import { clustersText, levelOf, messageOf } from "./wording.ts";

// One function for each part of the Markdown report; each returns "" when there is nothing to say.

export function goalsSection(model: ReportModel, size: MarkdownSize): string {
  if (model.goals.length === 0) return "";
  const rows = model.goals.slice(0, size.metrics).map((goal) => goalCells(goal, size));
  return `### Goals\n\n${markdownTable("llr", ["", "Goal", "Now"], rows)}${left(model.goals.length, size.metrics, "goal")}`;
}

const goalMarks = { yes: "✅ met", no: "❌ not met", undecided: "❔ open" } as const;

function goalCells(goal: GoalRow, size: MarkdownSize): string[] {
  const by = goal.by === undefined ? "" : ` by ${escapeMarkdown(goal.by, 20)}`;
  const why = goal.why === undefined ? "" : `<br>${escapeMarkdown(goal.why, size.text)}`;
  return [
    `${goalMarks[goal.met]}${goal.isOverdue ? ", **overdue**" : ""}`,
    `${markdownCode(goal.metric, 60)} ${goalTarget(goal)}${by}${why}`,
    goal.measured === null ? "not measured" : metricCell(goal.measured),
  ];
}

export function metricsSection(model: ReportModel, size: MarkdownSize): string {
  if (model.metrics.length === 0) return "";
  const isCompared = model.metrics.some(({ baseline, difference }) => baseline !== null || difference !== null);
  const kind = model.baselineKind === null ? "" : ` (${escapeMarkdown(model.baselineKind, 30)})`;
  const head = ["Metric", "Model", ...(isCompared ? [`Difference from baseline${kind}`] : [])];
  const rows = model.metrics.slice(0, size.metrics).map((row) => metricCells(row).slice(0, head.length));
  const table = markdownTable(isCompared ? "lrr" : "lr", head, rows);
  const weighted =
    model.weight === null ? "" : `Rows are weighted by ${markdownCode(model.weight, 60)} in every metric. `;
  const note = `<sub>${weighted}Intervals of metrics: ${levelOf(model)}. ↑ higher is better, ↓ lower is better.</sub>`;
  const operating = model.operating.map((sentence) => `\n\n${escapeMarkdown(sentence, size.text)}`).join("");
  const uses = model.evaluation?.test_set?.meaning;
  const testSet = uses === undefined ? "" : `\n\n<sub>${escapeMarkdown(uses, 600)}</sub>`;
  return `### Metrics on ${counted(model.rows, "test row")}${clustersText(model.evaluation ?? {})}\n\n${table}${left(model.metrics.length, size.metrics, "metric")}${operating}\n\n${note}${testSet}`;
}

function metricName({ name, better, unit }: Pick<MetricRow, "name" | "better" | "unit">): string {
  const arrow = better === null ? "" : better === "higher" ? " ↑" : " ↓";
  return `${markdownCode(name, 60)}${arrow}${unit === null ? "" : `<br>${escapeMarkdown(unit, 60)}`}`;
}

function metricCells(row: MetricRow): string[] {
  return [metricName(row), metricCell(row.value, row.decimals), againstBaseline(row)];
}

/** How much more or less it is than the baseline's; the baseline's own value where nothing says that. */
function againstBaseline({ baseline, difference, decimals }: MetricRow): string {
  if (difference !== null) {
    const apart = { ...difference, value: difference.difference };
    return stacked(formatDifference(apart, decimals), formatDifferenceInterval(apart, decimals));
  }
  if (baseline === null || (baseline.value === null && baseline.reason === undefined)) return absent;
  if (baseline.value !== null) return `baseline ${formatValue(baseline, decimals)}`;
  return small(`baseline: ${escapeMarkdown(baseline.reason ?? "", 80)}`);
}

const standings = { better: "✅ better", worse: "❌ worse", open: "no clear difference" } as const;

export function comparedSection({ compared }: ReportModel, size: MarkdownSize): string {
  return compared
    .map(({ against, rows }) => {
      const cells = rows.slice(0, size.metrics).map((row) => comparedCells(row));
      const table = markdownTable("lrl", ["Metric", "Difference", ""], cells);
      return `### Against ${escapeMarkdown(against, 60)}\n\n${table}${left(rows.length, size.metrics, "metric")}`;
    })
    .join("\n\n");
}

function comparedCells({ name, better, unit, difference, decimals, standing }: ComparedRow): string[] {
  const measured = { ...difference, value: difference.difference };
  const number =
    measured.value === null
      ? `${absent}${difference.reason === undefined ? "" : `<br>${escapeMarkdown(difference.reason, 80)}`}`
      : stacked(formatDifference(measured, decimals), formatDifferenceInterval(measured, decimals));
  return [metricName({ name, better, unit }), number, standing === null ? "" : standings[standing]];
}

export function slicesSection(model: ReportModel, size: MarkdownSize): string {
  if (model.slices.length === 0 || size.slices === 0) return "";
  const head = ["Slice", ...model.sliceMetrics.map(({ name }) => markdownCode(name, 60))];
  const ordered = singleFirst(model.slices);
  const rows = ordered.slice(0, size.slices).map((slice) => sliceCells(slice, model.sliceMetrics, size));
  const table = markdownTable(`l${"r".repeat(model.sliceMetrics.length)}`, head, rows);
  const rest = model.slices.length <= slicesInHtml ? "report.html" : "evaluation.json";
  const inside = `${table}${left(model.slices.length, size.slices, "slice", ` in ${rest}`)}`;
  const [main] = model.sliceMetrics;
  const isPaired = ordered.some(isPair) && !ordered.every(isPair);
  const title = `Slices, worst ${main === undefined ? "" : escapeMarkdown(main.name, 60)} first${isPaired ? ", pairs of columns last" : ""}`;
  return model.slices.length > 8 ? details(title, inside) : `### ${title}\n\n${inside}`;
}

/** Pairs are many and small: they do not crowd out the single columns. */
function singleFirst(slices: readonly SliceRow[]): SliceRow[] {
  return [...slices.filter((slice) => !isPair(slice)), ...slices.filter(isPair)];
}

function isPair({ column }: SliceRow): boolean {
  return column.includes(pairSign);
}

function sliceCells(slice: SliceRow, metrics: readonly SliceMetric[], size: MarkdownSize): string[] {
  const value = slice.value === null ? "<i>missing</i>" : escapeMarkdown(slice.value, size.text);
  const cells = metrics.map(({ name, decimals }) => {
    const metric = slice.metrics[name];
    return metric === undefined ? absent : metricCell(metric, decimals);
  });
  return [
    `${markdownCode(slice.column, 60)} = ${value}<br>${small(counted(slice.rows, "row"))}${tooFew(slice.rows_lacking ?? 0)}`,
    ...cells,
  ];
}

const severityMarks = { error: "❌", warning: "⚠️", note: "ℹ️" } as const;

export function findingsSection(model: ReportModel, size: MarkdownSize): string {
  const notes = model.findings.filter((finding) => finding.severity === "note");
  const others = model.findings.filter((finding) => finding.severity !== "note");
  const open =
    others.length === 0 ? [] : [`### Findings (${formatCount(others.length)})\n\n${findingsTable(others, size)}`];
  // Notes are closed at first: they must not hide what needs a look.
  const closed =
    notes.length === 0 ? [] : [details(`Notes (${formatCount(notes.length)})`, findingsTable(notes, size))];
  return [...open, ...closed].join("\n\n");
}

function findingsTable(findings: readonly ReportFinding[], size: MarkdownSize): string {
  const rows = findings.slice(0, size.findings).map((finding) => findingCells(finding, size));
  return `${markdownTable("lll", ["", "About", "Finding"], rows)}${left(findings.length, size.findings, "finding")}`;
}

function findingCells(finding: ReportFinding, size: MarkdownSize): string[] {
  const message = escapeMarkdown(messageOf(finding), size.text);
  return [
    severityMarks[finding.severity],
    markdownCode(finding.subject, size.text),
    `${message}<br>${markdownCode(finding.code, 60)}`,
  ];
}

export function dataSection(model: ReportModel): string {
  const { profile } = model;
  if (profile === null) return "";
  const { train, valid, test } = profile.parts;
  const missing = profile.columns.filter((column) => column.missing.count > 0).length;
  const parts = [
    `${formatCount(train)} train`,
    valid === 0 ? null : `${formatCount(valid)} valid`,
    `${formatCount(test)} test`,
  ];
  const share = profile.rows === 0 ? "" : ` (${formatShare(test / profile.rows)})`;
  return `**Data:** ${formatCount(profile.rows)} rows × ${formatCount(profile.columns.length)} columns; ${parts.filter((part) => part !== null).join(", ")}${share}; ${formatCount(missing)} columns with missing values.`;
}

export function trainingSection(model: ReportModel, size: MarkdownSize): string {
  if (model.training.length === 0) return "";
  const rows = model.training.map(({ name, value }) => [escapeMarkdown(name, 60), escapeMarkdown(value, size.text)]);
  return details("Training", markdownTable("ll", ["What", "Value"], rows));
}

export function stepsSection(model: ReportModel, size: MarkdownSize): string {
  const rows = model.steps.map((step) => stepCells(step, size));
  return details("Steps", markdownTable("llrl", ["", "Step", "Took", "Outcome"], rows));
}

function stepCells(step: StepRow, size: MarkdownSize): string[] {
  const took = step.durationMs === null ? absent : step.reused ? "reused" : formatDuration(step.durationMs);
  return [gateMarks[step.verdict], step.action, took, escapeMarkdown(step.summary, size.text)];
}
