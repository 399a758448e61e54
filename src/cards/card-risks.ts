import { escapeMarkdown, markdownCode, markdownTable } from "../report/escape-markdown.ts";
import { decimalsOfMetric } from "../report/evaluation-view.ts";
import { absent, fixed, formatCount, formatMeasured } from "../report/format-numbers.ts";
import type { ReportModel } from "../report/report-model.ts";
import { levelOf } from "../report/wording.ts";

const sliceLimit = 40;

/** Where the model is worse, and how differently it treats groups. */
export function risksBlock(model: ReportModel): string {
  const more = [foundSlices(model), ...model.fairness.map(fairness)].filter((part) => part !== "");
  return [declaredSlices(model), ...more].join("\n\n");
}

function declaredSlices(model: ReportModel): string {
  if (model.slices.length === 0) return "No slices were evaluated.";
  const head = ["Slice", "Rows", ...model.sliceMetrics.map(({ name }) => markdownCode(name, 60))];
  const rows = model.slices.slice(0, sliceLimit).map((slice) => [
    `${markdownCode(slice.column, 60)} = ${slice.value === null ? "<i>missing</i>" : escapeMarkdown(slice.value, 80)}`,
    `${formatCount(slice.rows)}${slice.rows_lacking === undefined ? "" : " (too few)"}`,
    ...model.sliceMetrics.map(({ name, decimals }) => {
      const metric = slice.metrics[name];
      return metric === undefined ? absent : formatMeasured(metric, decimals);
    }),
  ]);
  const more =
    model.slices.length > sliceLimit
      ? `\n\n…and ${formatCount(model.slices.length - sliceLimit)} more in evaluation.json.`
      : "";
  return `Results by slice on the test part, worst first, with ${levelOf(model)} intervals:\n\n${markdownTable(`lr${"r".repeat(model.sliceMetrics.length)}`, head, rows)}${more}`;
}

function foundSlices({ evaluation: measured }: ReportModel): string {
  const found = measured?.found_slices ?? null;
  if (found === null || found.slices.length === 0) return "";
  const decimals = decimalsOfMetric(measured, found.metric);
  const rows = found.slices
    .slice(0, sliceLimit)
    .map(({ conditions, rows: count, measured: value, rest }) => [
      conditions
        .map(
          ({ column, value: level }) =>
            `${markdownCode(column, 60)} = ${level === null ? "<i>missing</i>" : escapeMarkdown(level, 80)}`,
        )
        .join(" and "),
      formatCount(count),
      formatMeasured(value, decimals),
      fixed(rest, decimals),
    ]);
  const table = markdownTable("lrrr", ["Found slice", "Rows", markdownCode(found.metric, 60), "Other rows"], rows);
  return `A search of ${formatCount(found.candidates)} slices found these worse than the other rows, beyond chance:\n\n${table}`;
}

function fairness({ column, measures }: ReportModel["fairness"][number]): string {
  const rows = measures.map(({ name, equal, measured }) => [
    markdownCode(name),
    formatMeasured(measured),
    String(equal),
  ]);
  return `### Fairness by ${markdownCode(column, 60)}\n\n${markdownTable("lrr", ["Measure", "Value", "If equal"], rows)}`;
}
