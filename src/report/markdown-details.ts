import { calibrationRows } from "./calibration-view.ts";
import { costNote, costRows } from "./cost-view.ts";
import { details, escapeMarkdown, markdownCode, markdownTable } from "./escape-markdown.ts";
import type { FairnessView } from "./fairness-view.ts";
import { absent, formatCount, shortDigest, shortest } from "./format-numbers.ts";
import { left, type MarkdownSize, metricCell, tooFew } from "./markdown-parts.ts";
import type { ReportModel } from "./report-model.ts";

// Parts of the Markdown report that an evaluation has only when model.yml asks for them, or the model could be timed.

export function fairnessSection({ fairness }: ReportModel, size: MarkdownSize): string {
  if (size.slices === 0) return "";
  return fairness
    .slice(0, size.slices)
    .map((view) => fairnessOfColumn(view, size))
    .join("\n\n");
}

function fairnessOfColumn({ column, measures, rates, groups }: FairnessView, size: MarkdownSize): string {
  const rows = measures.map(({ name, meaning, equal, measured }) => [
    `${markdownCode(name)}<br>${meaning}`,
    metricCell(measured),
    String(equal),
  ]);
  const numbers = groups.slice(0, size.slices).map(({ value, rows: count, lacking, metrics }) => [
    `${value === null ? "<i>missing</i>" : escapeMarkdown(value, size.text)}${tooFew(lacking)}`,
    formatCount(count),
    ...rates.map((name) => {
      const metric = metrics[name];
      return metric === undefined ? absent : metricCell(metric);
    }),
  ]);
  const head = ["Group", "Rows", ...rates.map((name) => markdownCode(name, 60))];
  const all = `${markdownTable(`lr${"r".repeat(rates.length)}`, head, numbers)}${left(groups.length, size.slices, "group")}`;
  return [
    `### Fairness by ${markdownCode(column, 60)}`,
    markdownTable("lrr", ["Measure", "Value", "If equal"], rows),
    details("Groups", all),
  ].join("\n\n");
}

export function worstErrorsSection({ evaluation }: ReportModel, size: MarkdownSize): string {
  const errors = evaluation?.worst_errors ?? [];
  if (errors.length === 0 || size.findings === 0) return "";
  const rows = errors
    .slice(0, size.findings)
    .map(({ row, row_id, label, predicted, score, loss }) => [
      `${formatCount(row)}${row_id === undefined ? "" : ` ${markdownCode(shortDigest(row_id))}`}`,
      answer(label, size),
      answer(predicted, size),
      score === null ? absent : shortest(score),
      loss === null ? absent : shortest(loss),
    ]);
  const table = markdownTable("lllrr", ["Row", "Label", "Predicted", "Score", "Loss"], rows);
  return details("Worst errors", table);
}

function answer(value: string | number | null, size: MarkdownSize): string {
  if (value === null) return absent;
  return typeof value === "number" ? shortest(value) : escapeMarkdown(value, size.text);
}

export function costSection({ evaluation }: ReportModel): string {
  if (evaluation === null) return "";
  const rows = costRows(evaluation).map(({ what, cost, ratio }) => [
    what,
    cost,
    ratio === null ? "" : metricCell(ratio),
  ]);
  if (rows.length === 0) return "";
  const note = costNote(evaluation);
  return details(
    "Cost",
    `${markdownTable("lrr", ["What", "Cost", "Ratio"], rows)}${note === "" ? "" : `\n\n<sub>${note}</sub>`}`,
  );
}

export function calibrationSection({ evaluation }: ReportModel): string {
  const rows = evaluation === null ? [] : calibrationRows(evaluation);
  if (rows.length === 0) return "";
  const cells = rows.map(({ what, meaning, measured, plain }) => [
    `${what}<br>${meaning}`,
    measured === null ? plain : metricCell(measured),
  ]);
  return details("Calibration", markdownTable("lr", ["Number", "Value"], cells));
}
