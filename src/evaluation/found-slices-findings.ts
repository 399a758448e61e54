import type { Finding } from "../kit/outcome.ts";
import type { EvaluationFile } from "./evaluation-file.ts";
import { describeMetric } from "./metric-names.ts";
import { pairSign } from "./slice-declaration.ts";

const mostNamed = 3;

/** One finding for all: which slices, the first three with their numbers. A warning where the loss is at least twice the others'. */
export function foundSlicesFindings(found: EvaluationFile["found_slices"]): Finding[] {
  if (found === null || found.slices.length === 0) return [];
  const { metric, slices } = found;
  const isLoss = describeMetric(metric)?.better === "lower";
  const isDouble = slices.some(({ lower, upper, rest }) => (isLoss ? lower >= rest : -upper >= 1 - rest));
  const named = slices.slice(0, mostNamed).map(({ conditions, rows, measured, rest }) => {
    const where = conditions.map(({ column, value }) => `${column} = ${value ?? "(missing)"}`).join(" and ");
    return `${where} (${rows} rows: ${measured.value?.toPrecision(3)}, elsewhere ${rest.toPrecision(3)})`;
  });
  const more = slices.length > mostNamed ? `, and ${slices.length - mostNamed} more` : "";
  return [
    {
      code: "slice_found",
      severity: isDouble ? "warning" : "note",
      subject: slices[0].conditions.map(({ column }) => column).join(pairSign),
      message: `${metric} is worse than elsewhere, beyond chance, where ${named.join("; ")}${more}`,
      measured: slices
        .slice(0, mostNamed)
        .map(({ difference, lower, upper, rows }) => ({ difference, lower, upper, rows })),
      expected: 0,
    },
  ];
}
