import { numbersOf } from "../evaluation/answers.ts";
import { classLabels, labelCounts } from "../evaluation/class-labels.ts";
import type { EvaluatedTask } from "../evaluation/predictions.ts";
import { counted } from "../kit/counted.ts";
import type { Finding } from "../kit/outcome.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import type { Column } from "../stats/table.ts";
import type { ClaimedRows } from "./scoring-reply.ts";

/** Distinct labels as the model's process is told them: the classes by name. The numbers of a regression would be the answers. */
export function labelTexts(label: Column, task: EvaluatedTask): string[] {
  return task === "regression" ? [] : labelCounts(label).map(({ value }) => value);
}

/** What became of the default branch's test rows in the pull request, as its own predictions show it. */
export function testRowFindings(
  { label, task }: { label: Column; task: EvaluatedTask },
  claimed: ClaimedRows | null,
): Finding[] {
  if (claimed === null) return [rowsUnknown];
  const expected = task === "regression" ? numbersOf(label) : classLabels(label, labelTexts(label, task)).indices;
  let removed = 0;
  let altered = 0;
  for (const [row, isPresent] of claimed.present.entries()) {
    if (isPresent !== 1) removed += 1;
    else if (!Object.is(claimed.labels[row], expected[row])) altered += 1;
  }
  if (removed + altered === 0) return [];
  const rows = claimed.present.length;
  const lost = `${counted(removed, "test row")} of the default branch (of ${rows}) ${removed === 1 ? "is" : "are"} not among those that the pull request was tested on`;
  const relabelled = `${counted(altered, "test row")} ${altered === 1 ? "has" : "have"} another label there`;
  return [
    {
      code: "test_rows_changed",
      severity: "warning",
      subject: "test rows",
      message: `${[removed > 0 ? lost : "", altered > 0 ? relabelled : ""].filter((part) => part !== "").join(", and ")}. The numbers here are of the default branch's rows; look at what the pull request changes in the data.`,
      measured: { removed, relabelled: altered, added: claimed.added },
      expected: { removed: 0, relabelled: 0 },
    },
  ];
}

const rowsUnknown: Finding = {
  code: "test_rows_changed",
  severity: "warning",
  subject: "test rows",
  message:
    "The artifact has no predictions that can be read, so nobody knows whether the pull request removes or alters old test rows.",
  measured: null,
  expected: "evaluation/predictions.parquet with row_id and label",
};

/** Rescoring proves the numbers, not that the model has never seen the rows. */
export function readableRows({ data }: ModelSpec): Finding[] {
  if ("source" in data.test) return [];
  return [
    {
      code: "test_rows_readable",
      severity: "note",
      subject: "test rows",
      message:
        "The pull request's run could read the test rows, so the model may have been trained on them: only a sealed test source (data.test.source) rules that out.",
      measured: `by ${data.test.by}`,
      expected: "a sealed test source",
    },
  ];
}
