import { details, escapeMarkdown, markdownCode, markdownTable } from "./escape-markdown.ts";
import { decimalsOfMetric } from "./evaluation-view.ts";
import { absent, fixed, formatCount, formatDifference, formatDifferenceInterval } from "./format-numbers.ts";
import { left, type MarkdownSize, metricCell, stacked } from "./markdown-parts.ts";
import type { Probe, ProbeLine } from "./probe-view.ts";
import type { ReportModel } from "./report-model.ts";

// What the evaluation searched for and asked the model again about.

export function probeSection(probe: Probe, size: MarkdownSize): string {
  if (size.slices === 0) return "";
  const rows = probe.lines.slice(0, size.slices).map((line) => probeCells(line, size));
  const table = markdownTable("lr", ["Feature", "Worse by"], rows);
  const lead = escapeMarkdown(probe.lead, 400);
  return details(probe.title, `${lead}\n\n${table}${left(probe.lines.length, size.slices, "line")}`);
}

function probeCells({ column, change, drop, reason }: ProbeLine, size: MarkdownSize): string[] {
  const number =
    drop.value === null
      ? `${absent}${reason === null ? "" : `<br>${escapeMarkdown(reason, size.text)}`}`
      : stacked(formatDifference(drop), formatDifferenceInterval(drop));
  return [`${markdownCode(column, 60)}${change === "" ? "" : `<br>${change}`}`, number];
}

export function foundSlicesSection({ evaluation }: ReportModel, size: MarkdownSize): string {
  const found = evaluation?.found_slices ?? null;
  if (found === null || found.candidates === 0 || size.slices === 0) return "";
  const searched = `${formatCount(found.candidates)} slices of ${formatCount(found.columns.length)} columns were searched by ${markdownCode(found.metric, 60)}`;
  if (found.slices.length === 0)
    return `**Found slices:** ${searched}; none is worse than the other rows beyond chance.`;
  const decimals = decimalsOfMetric(evaluation, found.metric);
  const rows = found.slices
    .slice(0, size.slices)
    .map(({ conditions, rows: count, measured, rest, difference, lower, upper }) => {
      const names = conditions.map(
        ({ column, value }) =>
          `${markdownCode(column, 60)} = ${value === null ? "<i>missing</i>" : escapeMarkdown(value, size.text)}`,
      );
      const apart = { value: difference, lower, upper };
      return [
        names.join(" and "),
        formatCount(count),
        metricCell(measured, decimals),
        fixed(rest, decimals),
        stacked(formatDifference(apart, decimals), formatDifferenceInterval(apart, decimals)),
      ];
    });
  const head = ["Slice", "Rows", markdownCode(found.metric, 60), "Other rows", "Difference"];
  const table = `${markdownTable("lrrrr", head, rows)}${left(found.slices.length, size.slices, "slice")}`;
  return `### Found slices\n\n${searched}; these are worse than the other rows beyond chance.\n\n${table}`;
}
