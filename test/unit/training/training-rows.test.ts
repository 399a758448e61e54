import { expect, it } from "vitest";
import { openDatabase } from "../../../src/data/duckdb.ts";
import { fitLinear } from "../../../src/training/linear.ts";
import { linearGraph } from "../../../src/training/linear-graph.ts";
import { trainingTarget } from "../../../src/training/target.ts";
import { readPart, trainingView } from "../../../src/training/training-rows.ts";
import { aSpec } from "../../support/builders/context.ts";
import { aSnapshot } from "../../support/builders/snapshot.ts";

const spec = aSpec();

async function partOf(snapshot: string, threads: number, part: "train" | "valid" = "train") {
  const database = await openDatabase({ threads });
  try {
    const view = await trainingView(database, { spec, folder: ".", snapshot });
    return { view, rows: await readPart(database, view, part) };
  } finally {
    database.close();
  }
}

it("gives the same rows in the same order, and so the same graph, whatever the number of DuckDB's threads", async () => {
  const snapshot = await aSnapshot(`select (i * 7919) % 1000 as x, 't' || (i * 104729) % 300 as town,
    case when (i * 31) % 17 > 8 then '>50K' else '<=50K' end as income from range(300000) as r(i)`);
  const [one, four] = [await partOf(snapshot, 1), await partOf(snapshot, 4)];
  expect(four.rows).toEqual(one.rows);
  const graphs = [one, four].map(({ rows }) => {
    const target = trainingTarget({ spec, label: rows.label, isBoolean: false });
    const params = { penalty: 1, balanced: false, minFrequency: 1, maxIterations: 3 };
    return Buffer.from(linearGraph(fitLinear({ ...rows, target, params }).model).bytes);
  });
  expect(graphs[0]?.equals(graphs[1] ?? Buffer.alloc(0))).toBe(true);
});

it("gives the parts apart, without the label and without test rows", async () => {
  const snapshot = await aSnapshot(`select i as x, case when i % 2 = 0 then '>50K' else '<=50K' end as income,
    case when i < 6 then 'train' when i < 8 then 'valid' else 'test' end as mlops_part from range(10) as r(i)`);
  const train = await partOf(snapshot, 2);
  expect(train.rows.features).toMatchObject({
    rows: 6,
    columns: [{ name: "x", values: Float64Array.of(0, 1, 2, 3, 4, 5) }],
  });
  expect((await partOf(snapshot, 2, "valid")).rows.features).toMatchObject({ rows: 2 });
});

it("keeps features apart from label and weight that are called like them", async () => {
  const snapshot = await aSnapshot(
    `select i as MLOPS_LABEL, i * 2 as mlops_weight, 'x' || i as income from range(5) as r(i)`,
  );
  const { rows } = await partOf(snapshot, 2);
  expect(rows.features.columns.map(({ name }) => name)).toEqual(["MLOPS_LABEL", "mlops_weight"]);
  expect(rows.label).toMatchObject({ kind: "text", levels: ["x0", "x1", "x2", "x3"] });
});
