import { expect, it } from "vitest";
import { openDatabase } from "../../../src/data/duckdb.ts";
import { readBaseline } from "../../../src/training/read-baseline.ts";
import { aContext, aSpec } from "../../support/builders/context.ts";
import { aSnapshot } from "../../support/builders/snapshot.ts";
import { scratchFolder } from "../../support/scratch.ts";

/** Every fifth row is a test row; i runs from 0. */
const rows = `select i, date '2001-01-01' + i::integer as day, i::double as amount,
  case when i = 9 then null when i < 8 then 'no' else 'yes' end as income from range(15) as r(i)`;
const binary = { task: "binary-classification", classes: ["no", "yes"], positive: 1, part: "test" } as const;

async function answers(spec: Parameters<typeof aSpec>[0], task: object = binary, select = rows) {
  const { model } = await aContext(await scratchFolder(), aSpec(spec));
  const snapshot = await aSnapshot(select);
  const database = await openDatabase();
  try {
    return await readBaseline(database, { model, snapshot, ...binary, ...task });
  } finally {
    database.close();
  }
}

const data = { source: "data.csv", label: "income", positive: "yes" };

it("answers by the prior of the training rows, for labelled test rows only", async () => {
  const { kind, answers: found } = await answers({ data });
  // 12 training rows: 7 no (0-3, 5-7), 5 yes; test rows 4, 9 (unlabelled), 14.
  expect(kind).toBe("prior");
  expect(found).toMatchObject({ scores: Float64Array.of(5 / 12, 5 / 12) });
});

it("knows no more than the training part when it answers for the validation part, and both when for the test part", async () => {
  const parts = `select *, case when i % 5 = 4 then 'test' when i >= 10 then 'valid' else 'train' end as mlops_part from (${rows})`;
  const about = (part: string) => answers({ data }, { ...binary, part }, parts);
  // Training rows: 0-3 and 5-7 are no, 8 is yes; validation rows 10 to 13 are yes.
  expect((await about("valid")).answers).toMatchObject({ scores: new Float64Array(4).fill(1 / 8) });
  expect((await about("test")).answers).toMatchObject({ scores: Float64Array.of(5 / 12, 5 / 12) });
});

it("goes through the rows by the time column for last-value", async () => {
  const { answers: found } = await answers({
    data: { ...data, time: "day" },
    problem: { statement: "s", baseline: "last-value" },
  });
  expect(found).toMatchObject({ predicted: Uint8Array.of(0, 1) });
});

it("means for a regression by default", async () => {
  const { kind, answers: found } = await answers(
    { task: "regression", data: { source: "data.csv", label: "amount" } },
    { task: "regression", classes: [], positive: -1 },
  );
  expect(kind).toBe("mean");
  expect(found).toMatchObject({ predicted: Float64Array.of(6.5, 6.5, 6.5) });
});

it("names the column that was meant", async () => {
  const misspelt = answers({ data, problem: { statement: "s", baseline: "column:amuont" } });
  await expect(misspelt).rejects.toMatchObject({ code: "column_missing", fix: "did you mean column:amount?" });
});

it("says that a baseline by command is not built yet", async () => {
  const command = answers({ data, problem: { statement: "s", baseline: "command" } });
  await expect(command).rejects.toMatchObject({ code: "not_built_yet" });
});
