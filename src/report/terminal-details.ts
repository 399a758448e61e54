import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import { decimalsOfMetric, type EvaluationView } from "./evaluation-view.ts";
import { fixed, formatCount, formatMeasured } from "./format-numbers.ts";
import { columns, type Page, safe } from "./terminal-page.ts";
import { cutTo } from "./terminal-width.ts";

// What an evaluation has only when it is asked for, on a terminal.

/** One line a measure; the groups are in the file. */
export function fairnessPart({ fairness }: Pick<EvaluationView, "fairness">, { paint, width }: Page): string[] {
  return fairness.flatMap(({ column, measures }) => {
    const lines = columns(
      measures.map(({ name, equal, measured }) => [name, formatMeasured(measured), `${equal} if equal`]),
      width - 2,
    );
    return [paint.dim(cutTo(`fairness by ${safe(column, 40)}`, width)), ...lines.map((line) => `  ${line}`)];
  });
}

export function foundSlicesPart(file: EvaluationFile | null, limit: number, { paint, width }: Page): string[] {
  const found = file?.found_slices ?? null;
  if (found === null || found.slices.length === 0) return [];
  const decimals = decimalsOfMetric(file, found.metric);
  const lines = columns(
    found.slices
      .slice(0, limit)
      .map(({ conditions, rows, measured, rest }) => [
        conditions
          .map(({ column, value }) => `${safe(column, 20)} = ${value === null ? "(missing)" : safe(value, 24)}`)
          .join(" and "),
        formatMeasured(measured, decimals),
        `elsewhere ${fixed(rest, decimals)}`,
        `${formatCount(rows)} rows`,
      ]),
    width - 2,
  );
  const head = `found slices, worse than elsewhere by ${safe(found.metric, 40)}${found.slices.length > limit ? ` (${limit} of ${formatCount(found.slices.length)})` : ""}`;
  return [paint.dim(cutTo(head, width)), ...lines.map((line) => `  ${line}`)];
}
