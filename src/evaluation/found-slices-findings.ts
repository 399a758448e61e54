import { counted } from "../kit/counted.ts";
import type { Finding } from "../kit/outcome.ts";
import type { EvaluationFile } from "./evaluation-file.ts";
import { describeMetric } from "./metric-names.ts";
import { pairSign } from "./slice-declaration.ts";

const mostNamed = 3;

/**
 * One finding for all slices; which they are is in found_slices, and the table of the report. A warning where the loss is at least
 * twice the other rows' in one of them.
 */
export function foundSlicesFindings(found: EvaluationFile["found_slices"]): Finding[] {
  if (found === null || found.slices.length === 0) return [];
  const { metric, slices } = found;
  const isLoss = describeMetric(metric)?.better === "lower";
  const double = slices.filter(({ lower, upper, rest }) => (isLoss ? lower >= rest : -upper >= 1 - rest)).length;
  const some = double === slices.length ? "" : ` in ${double} of them`;
  const worst = double === 0 ? "" : `,${some} with at least twice the loss`;
  return [
    {
      code: "slice_found",
      severity: double > 0 ? "warning" : "note",
      subject: slices[0].conditions.map(({ column }) => column).join(pairSign),
      message: `${metric} is worse than elsewhere, beyond chance, in ${counted(slices.length, "slice")}${worst}`,
      measured: slices.slice(0, mostNamed).map(({ conditions, difference, lower, upper, rows }) => ({
        slice: conditions.map(({ column, value }) => `${column} = ${value ?? "(missing)"}`).join(" and "),
        difference,
        lower,
        upper,
        rows,
      })),
      expected: 0,
    },
  ];
}
