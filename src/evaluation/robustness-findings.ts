import type { Finding } from "../kit/outcome.ts";
import type { EvaluationFile } from "./evaluation-file.ts";

type Robustness = NonNullable<EvaluationFile["robustness"]>;
type Column = Robustness["columns"][number];

/** A missing value is costly where it takes more than this share of what the model gains over the baseline. */
const costlyShare = 0.5;

/** Features without whose values the model has no answer, or is for certain not much better than the naive baseline. */
export function robustnessFindings(file: Pick<EvaluationFile, "robustness" | "metrics" | "baseline">): Finding[] {
  const { robustness } = file;
  if (robustness === undefined) return [];
  const { metric } = robustness;
  const [model, baseline] = [file.metrics[metric]?.value ?? null, file.baseline[metric]?.value ?? null];
  const lead = model === null || baseline === null ? null : Math.abs(model - baseline);
  return robustness.columns
    .filter(({ change }) => change === "missing")
    .flatMap((column) => findingOf(column, metric, lead));
}

function findingOf(column: Column, metric: string, lead: number | null): Finding[] {
  const { amount, drop, lower, upper } = column;
  const share = `${Number((100 * amount).toPrecision(3))} %`;
  if (drop === null) {
    return [
      {
        code: "feature_missing_unanswered",
        severity: "warning",
        subject: column.column,
        message: `with ${share} of its values missing there is no ${metric}: ${column.reason ?? "it is not defined"}`,
        measured: null,
        expected: "an answer",
      },
    ];
  }
  // So many rows lose the feature's value: what they lose on average is the drop over their share.
  const limit = lead === null ? null : costlyShare * lead * amount;
  if (limit === null || lower === null || lower <= limit) return [];
  const lost = Math.round((100 * drop) / amount / (lead ?? 1));
  return [
    {
      code: "feature_missing_costly",
      severity: "warning",
      subject: column.column,
      message: `with ${share} of its values missing ${metric} is ${Number(drop.toPrecision(2))} worse: rows without it lose ${lost} % of what the model gains over the baseline`,
      measured: { drop, lower, upper },
      expected: limit,
    },
  ];
}
