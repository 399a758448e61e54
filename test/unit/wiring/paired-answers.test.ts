import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ComparedModel } from "../../../src/evaluation/compared-answers.ts";
import { silentLog } from "../../../src/kit/log.ts";
import { readPairedAnswers } from "../../../src/wiring/paired-answers.ts";
import { binaryPredictions } from "../../support/builders/predictions.ts";
import { scratchFolder } from "../../support/scratch.ts";

const ours = {
  ...binaryPredictions({ labels: [1, 0, 1], scores: [0.9, 0.2, 0.4] }),
  classes: ["<=50K", ">50K"] as const,
};

/** Answers of the rows r1, r2 and r3 in a CSV. */
async function answersIn(csv: string): Promise<ComparedModel> {
  const file = join(await scratchFolder(), "other.csv");
  await writeFile(file, csv);
  return readPairedAnswers({
    subject: "production",
    file,
    shown: "other.csv",
    key: "row_id",
    ours,
    ourKeys: async () => "select 'r' || i::varchar from range(1, 4) as r(i)",
    ourPlace: "snapshot",
    log: silentLog,
  });
}

it("reads another model's answers in our order, whatever the order of the file", async () => {
  const found = await answersIn("row_id,predicted,score\nr3,>50K,0.7\nr9,<=50K,0.1\nr1,<=50K,0.3\nr2,>50K,0.8\n");
  const predictions = {
    labels: ours.labels,
    scores: Float64Array.of(0.3, 0.8, 0.7),
    predicted: Uint8Array.of(0, 1, 1),
  };
  expect(found).toMatchObject({ predictions });
});

it("withholds them where rows of ours have none, and says how many", async () => {
  const found = await answersIn("row_id,score\nr3,0.7\nr9,0.1\n");
  expect(found).toEqual({ withheld: "the production model has no answer for 2 of the 3 rows evaluated" });
});

it.each([
  [
    "the same row twice",
    "row_id,score\nr1,0.1\nr2,0.2\nr3,0.3\nr3,0.4\n",
    "rows_not_paired",
    "4 rows have 3 different",
  ],
  ["a row without an id", "row_id,score\nr1,0.1\n,0.2\nr3,0.3\n", "rows_not_paired", "1 of 3 rows have none"],
  ["no row of ours", "row_id,score\nz1,0.1\n", "rows_not_paired", "none of the 3 rows"],
  ["other classes", "row_id,predicted\nr1,>60K\nr2,<=50K\nr3,<=50K\n", "comparison_mismatch", '">60K"'],
  [
    "labels spelled otherwise",
    "row_id,label,score\nr1,>50k,0.1\nr2,<=50k,0.2\nr3,>50k,0.3\n",
    "comparison_mismatch",
    '">50k"',
  ],
  [
    "the other class's probability",
    "row_id,predicted,score\nr1,>50K,0.1\nr2,<=50K,0.8\nr3,>50K,0.6\n",
    "comparison_mismatch",
    "its score is lower",
  ],
  ["no answers", "row_id,x\nr1,1\nr2,2\nr3,3\n", "comparison_mismatch", "no column score"],
  ["scores that are text", "row_id,score\nr1,low\nr2,high\nr3,low\n", "comparison_mismatch", "holds text"],
  [
    "an answer left out",
    "row_id,predicted\nr1,>50K\nr2,\nr3,<=50K\n",
    "comparison_mismatch",
    "1 of 3 rows have no value",
  ],
  ["no row ids", "id,score\nr1,0.5\n", "column_missing", "row_id"],
])("refuses a file with %s", async (_, csv, code, message) => {
  await expect(answersIn(csv)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});
